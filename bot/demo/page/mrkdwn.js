// Slack's text to nodes: mrkdwn, which arrives with & < > escaped, and rich_text, which is literal.

import { add, h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelName, store } from "./store.js";

/** Undo Slack's three entities. */
const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

/** Apply Slack's three entities, as its client does before sending. */
export const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Plain text (of plain_text objects): entities undone, shortcodes shown. */
function plainNodes(text, withShortcodes = true) {
  const nodes = [];
  let rest = unescape(String(text ?? ""));
  while (withShortcodes && rest) {
    const found = /:([\w+-]+(?:::skin-tone-\d)?):/.exec(rest);
    if (!found) break;
    const character = emoji(found[1]);
    const end = character ? found.index + found[0].length : found.index + found[0].length - 1;
    nodes.push(rest.slice(0, character ? found.index : end));
    if (character) nodes.push(emojiNode(found[1], character));
    rest = rest.slice(end);
  }
  nodes.push(rest);
  return nodes.filter((node) => node !== "");
}

/** One emoji with its name for screen readers and tooltips. */
export function emojiNode(name, character) {
  return h("span", { class: "emoji", role: "img", "aria-label": `:${name}:`, title: `:${name}:` }, character);
}

/** A person's name as a mention. */
function userMention(id, label = null) {
  const user = store.users.get(id);
  const name = id === store.bot.user_id ? store.bot.name : user?.real_name || user?.name || label || id;
  const mine = id === store.me.id ? " mention-me" : "";
  return h("span", { class: `mention${mine}`, "data-user": id }, `@${String(name).replace(/^@/, "")}`);
}

/** A channel's name as a link into this page. */
function channelMention(id, label = null) {
  const known = store.channels.get(id);
  const name = known ? channelName(known) : label || "private channel";
  if (!known) return h("span", { class: "mention" }, `#${name}`);
  return h("a", { class: "mention", href: `#/${encodeURIComponent(id)}` }, `#${name}`);
}

function broadcast(word, label) {
  if (["here", "channel", "everyone"].includes(word)) return h("span", { class: "mention mention-me" }, `@${word}`);
  return h("span", { class: "mention" }, unescape(label ?? word));
}

/** What stands between < and >. */
function token(inner) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? null : inner.slice(bar + 1);
  if (target.startsWith("@")) return userMention(target.slice(1), label && unescape(label));
  if (target.startsWith("#")) return channelMention(target.slice(1), label && unescape(label));
  if (target.startsWith("!")) return broadcast(target.slice(1).split("^")[0], label);
  const shown = label ? inline(label) : [unescape(target).replace(/^mailto:/, "")];
  return link(unescape(target), shown);
}

const WORD = /[\p{L}\p{N}]/u;
const MARKS = { "*": "b", _: "i", "~": "s" };

/** Where a formatting mark opened at `start` closes, or -1. Slack wants a word boundary outside, text inside. */
function closing(text, mark, start) {
  if (start > 0 && (WORD.test(text[start - 1]) || text[start - 1] === mark)) return -1;
  const first = text[start + 1];
  if (first === undefined || /\s/.test(first) || first === mark) return -1;
  for (let at = start + 2; at < text.length; at += 1) {
    if (text[at] === "\n") return -1;
    if (text[at] === "<") {
      const end = text.indexOf(">", at);
      if (end > 0) at = end;
      continue;
    }
    if (text[at] === "`") {
      const end = text.indexOf("`", at + 1);
      if (end > 0) at = end;
      continue;
    }
    const next = text[at + 1];
    if (text[at] === mark && !/\s/.test(text[at - 1]) && (next === undefined || !WORD.test(next))) return at;
  }
  return -1;
}

const BARE_URL = /^https?:\/\/[^\s<>|]+[^\s<>|.,:;!?)"'\]]/;

/** Inline mrkdwn to nodes. */
export function inline(text, verbatim = false) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(unescape(plain));
    plain = "";
  };
  const push = (node, length) => {
    flush();
    nodes.push(node);
    return length;
  };
  let at = 0;
  while (at < text.length) {
    at += take(at);
  }
  flush();
  return nodes;

  function take(start) {
    const character = text[start];
    if (character === "<") {
      const end = text.indexOf(">", start);
      if (end > start + 1) return push(token(text.slice(start + 1, end)), end + 1 - start);
    } else if (character === "`") {
      const end = text.indexOf("`", start + 1);
      if (end > start + 1 && !text.slice(start, end).includes("\n")) {
        return push(h("code", { class: "code" }, codeNodes(text.slice(start + 1, end))), end + 1 - start);
      }
    } else if (character in MARKS) {
      const end = closing(text, character, start);
      if (end > 0) return push(h(MARKS[character], null, inline(text.slice(start + 1, end), verbatim)), end + 1 - start);
    } else if (character === ":") {
      const found = /^:([\w+-]+):/.exec(text.slice(start, start + 60));
      const known = found && emoji(found[1]);
      if (known) return push(emojiNode(found[1], known), found[0].length);
    } else if (character === "h" && !verbatim && (start === 0 || !WORD.test(text[start - 1]))) {
      const found = BARE_URL.exec(text.slice(start, start + 2000));
      if (found) return push(link(unescape(found[0]), unescape(found[0])), found[0].length);
    }
    plain += character;
    return 1;
  }
}

/** Inside code only links and mentions are syntax. */
function codeNodes(text) {
  return text.split(/(<[^<>]+>)/).filter(Boolean)
    .map((part) => (part.startsWith("<") && part.endsWith(">") ? token(part.slice(1, -1)) : unescape(part)));
}

function quoted(lines) {
  return h("blockquote", { class: "quote" }, inline(lines.join("\n")));
}

function paragraphs(text, verbatim) {
  const nodes = [];
  let plain = [];
  let quotes = [];
  const endPlain = () => {
    if (plain.length) nodes.push(h("span", { class: "lines" }, inline(plain.join("\n"), verbatim)));
    plain = [];
  };
  const endQuotes = () => {
    if (quotes.length) nodes.push(quoted(quotes));
    quotes = [];
  };
  for (const line of text.split("\n")) {
    const found = /^(?:&gt;|>)(?!&gt;|>) ?(.*)$/.exec(line);
    if (found) {
      endPlain();
      quotes.push(found[1]);
    } else {
      endQuotes();
      plain.push(line);
    }
  }
  endPlain();
  endQuotes();
  return nodes;
}

/** A whole mrkdwn text: fenced code, quotes, lines. */
export function mrkdwn(text, verbatim = false) {
  const nodes = [];
  String(text ?? "").split(/```\n?([\s\S]+?)\n?```\n?/).forEach((part, index) => {
    if (!part) return;
    if (index % 2) nodes.push(h("pre", { class: "pre" }, codeNodes(part)));
    else nodes.push(...paragraphs(part.replace(/\n$/, (end) => (nodes.length || index === 0 ? "" : end)), verbatim));
  });
  return nodes;
}

/** A composition text object (plain_text or mrkdwn) as nodes. */
export function textNodes(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return mrkdwn(object.text, object.verbatim);
  return plainNodes(object.text, object.emoji !== false);
}

/** A text object inside something that holds inline content only (buttons, options, context). */
export function inlineText(object) {
  if (!object) return [];
  if (object.type === "mrkdwn") return inline(String(object.text ?? ""), object.verbatim);
  return plainNodes(object.text, object.emoji !== false);
}

/** The words of a text object, for names and titles. */
export const words = (object) => add(h("span"), inlineText(object)).textContent;

const STYLES = [["code", "code"], ["bold", "b"], ["italic", "i"], ["strike", "s"], ["underline", "u"]];

function styled(node, style) {
  let inner = node;
  for (const [name, tag] of STYLES) {
    if (style?.[name]) inner = h(tag, tag === "code" ? { class: "code" } : null, inner);
  }
  return inner;
}

const ELEMENTS = {
  text: (element) => String(element.text ?? ""),
  link: (element) => link(element.url, String(element.text || element.url || "")),
  user: (element) => userMention(element.user_id),
  channel: (element) => channelMention(element.channel_id),
  usergroup: (element) => h("span", { class: "mention" }, `@${element.usergroup_id ?? "group"}`),
  team: (element) => h("span", { class: "mention" }, String(element.team_id ?? "")),
  broadcast: (element) => h("span", { class: "mention mention-me" }, `@${element.range ?? "here"}`),
  color: (element) => h("code", { class: "code" }, String(element.value ?? "")),
  emoji: (element) => {
    const character = emoji(element.name);
    return character ? emojiNode(element.name, character) : `:${element.name}:`;
  },
};

/** Inline rich text elements as nodes; unknown ones show their text, if any. */
function richInline(elements) {
  return (elements ?? []).map((element) => {
    const make = ELEMENTS[element?.type];
    return styled(make ? make(element) : String(element?.text ?? ""), element?.style);
  });
}

function list(element) {
  const ordered = element.style === "ordered";
  const indent = Math.min(Number(element.indent) || 0, 8);
  const node = h(ordered ? "ol" : "ul", {
    class: `rich-list indent-${indent}`,
    start: ordered && element.offset ? Number(element.offset) + 1 : null,
  }, (element.elements ?? []).map((item) => h("li", null, richInline(item.elements))));
  return node;
}

const PARTS = {
  rich_text_section: (part) => h("div", { class: "rich-section" }, richInline(part.elements)),
  rich_text_list: list,
  rich_text_preformatted: (part) => h("pre", { class: "pre" }, richInline(part.elements)),
  rich_text_quote: (part) => h("blockquote", { class: "quote" }, richInline(part.elements)),
};

/** A rich_text block (or cell) as nodes. */
export function richText(block) {
  return (block?.elements ?? []).map((part) => PARTS[part?.type]?.(part) ?? null).filter(Boolean);
}
