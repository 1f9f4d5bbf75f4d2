// rich_text blocks and cells. Their text is literal: no entities, no mrkdwn.

import { h, link } from "./dom.js";
import { emoji } from "./emoji.js";
import { channelMention, dateNode, emojiNode, userMention } from "./mrkdwn.js";

const STYLES = [["code", "code"], ["bold", "b"], ["italic", "i"], ["strike", "s"], ["underline", "u"]];

function styled(node, style) {
  let inner = node;
  for (const [name, tag] of STYLES) {
    if (style?.[name]) inner = h(tag, tag === "code" ? { class: "code" } : null, inner);
  }
  return inner;
}

function unicode(codes) {
  try {
    return String.fromCodePoint(...String(codes).split("-").map((code) => Number.parseInt(code, 16)));
  } catch {
    return null;
  }
}

const ELEMENTS = {
  text: (element) => String(element.text ?? ""),
  link: (element) => link(element.url, String(element.text || element.url || "")),
  user: (element) => userMention(element.user_id),
  channel: (element) => channelMention(element.channel_id),
  usergroup: (element) => h("span", { class: "mention" }, `@${element.usergroup_id ?? "group"}`),
  team: (element) => h("span", { class: "mention" }, String(element.team_id ?? "")),
  broadcast: (element) => h("span", { class: "mention mention-me" }, `@${element.range ?? "here"}`),
  date: (element) => dateNode(element.timestamp, element.format ?? "{date_pretty}", element.url, element.fallback),
  color: (element) => h("code", { class: "code" }, String(element.value ?? "")),
  emoji: (element) => {
    const character = (element.unicode && unicode(element.unicode)) || emoji(element.name);
    return character ? emojiNode(element.name, character) : `:${element.name}:`;
  },
};

/** Inline rich text elements as nodes; unknown ones show their text, if any. */
export function richInline(elements) {
  return (elements ?? []).map((element) => {
    const make = ELEMENTS[element?.type];
    return styled(make ? make(element) : String(element?.text ?? ""), element?.style);
  });
}

function list(element) {
  const ordered = element.style === "ordered";
  const indent = Math.min(Number(element.indent) || 0, 8);
  const node = h(ordered ? "ol" : "ul", {
    class: `rich-list indent-${indent}${element.border ? " bordered" : ""}`,
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
