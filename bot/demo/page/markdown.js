// The `markdown` block: the standard kind, the part of it that Slack shows.

import { h, link, safeUrl, sideways } from "./dom.js";
import { emoji } from "./emoji.js";
import { emojiNode } from "./mrkdwn.js";

const INLINE = [
  [/^\\([\\`*_{}[\]()#+\-.!~|>])/, (found) => found[1]],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (found) => h("code", { class: "code" }, found[2])],
  [/^!?\[([^\]]*)\]\(([^()\s]+)(?:\s+"[^"]*")?\)/, (found) => link(found[2], markdownInline(found[1]))],
  [/^<(https?:\/\/[^>\s]+)>/, (found) => link(found[1], found[1])],
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1/, (found) => h("b", null, markdownInline(found[2]))],
  [/^(\*|_)(?=\S)([^\n]*?\S)\1(?![\p{L}\p{N}])/u, (found) => h("i", null, markdownInline(found[2]))],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (found) => h("s", null, markdownInline(found[1]))],
  [/^https?:\/\/[^\s<>()]+[^\s<>().,:;!?"']/, (found) => link(found[0], found[0])],
];

/** Inline markdown to nodes. */
function markdownInline(text) {
  const nodes = [];
  let plain = "";
  let rest = text;
  while (rest) {
    const hit = step(rest, plain);
    if (hit) {
      if (plain) nodes.push(plain);
      plain = "";
      nodes.push(hit.node);
      rest = rest.slice(hit.length);
    } else {
      plain += rest[0];
      rest = rest.slice(1);
    }
  }
  if (plain) nodes.push(plain);
  return nodes;
}

function step(rest, before) {
  const shortcode = /^:([\w+-]+):/.exec(rest);
  const character = shortcode && emoji(shortcode[1]);
  if (character) return { node: emojiNode(shortcode[1], character), length: shortcode[0].length };
  if (/[_h]/.test(rest[0]) && /[\p{L}\p{N}]$/u.test(before)) return null;
  for (const [pattern, make] of INLINE) {
    const found = pattern.exec(rest);
    if (found) return { node: make(found), length: found[0].length };
  }
  return null;
}

const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim());

function tableOf(lines) {
  const rows = [lines[0], ...lines.slice(2)].map((line, index) => h("tr", null,
    cells(line).map((cell) => h(index ? "td" : "th", null, markdownInline(cell)))));
  return sideways(h("div", { class: "table-scroll" }, h("table", { class: "block-table" }, h("tbody", null, rows))), "table-frame");
}

function listOf(lines) {
  const ordered = /^\s*\d+[.)]/.test(lines[0]);
  const items = lines.map((line) => {
    const found = /^(\s*)(?:[-*+]|\d+[.)])\s+(\[[ xX]\]\s+)?(.*)$/.exec(line);
    const mark = found[2] ? (found[2].trim() === "[ ]" ? "☐ " : "☑ ") : "";
    return h("li", { class: `indent-${Math.min(Math.floor(found[1].length / 2), 8)}` }, mark, markdownInline(found[3]));
  });
  return h(ordered ? "ol" : "ul", { class: "rich-list" }, items);
}

const ITEM = /^\s*(?:[-*+]|\d+[.)])\s+/;

/** A markdown text as nodes: headings, fences, quotes, lists, rules, tables, paragraphs. */
export function markdown(text) {
  const lines = String(text ?? "").split("\n");
  const nodes = [];
  let at = 0;
  const while_ = (test) => {
    const from = at;
    while (at < lines.length && test(lines[at])) at += 1;
    return lines.slice(from, at);
  };
  while (at < lines.length) {
    const line = lines[at];
    const heading = /^(#{1,6})\s+(.*)$/.exec(line);
    if (!line.trim()) {
      at += 1;
    } else if (/^\s*```/.test(line)) {
      at += 1;
      nodes.push(h("pre", { class: "pre" }, while_((each) => !/^\s*```/.test(each)).join("\n")));
      at += 1;
    } else if (heading) {
      nodes.push(h("div", { class: "block-header", role: "heading", "aria-level": "4" }, markdownInline(heading[2])));
      at += 1;
    } else if (/^\s*([-*_])\s*(?:\1\s*){2,}$/.test(line)) {
      nodes.push(h("hr", { class: "block-divider" }));
      at += 1;
    } else if (/^\s*>/.test(line)) {
      const quote = while_((each) => /^\s*>/.test(each)).map((each) => each.replace(/^\s*> ?/, ""));
      nodes.push(h("blockquote", { class: "quote" }, markdownInline(quote.join("\n"))));
    } else if (ITEM.test(line)) {
      nodes.push(listOf(while_((each) => ITEM.test(each))));
    } else if (line.includes("|") && /^[\s|:-]+$/.test(lines[at + 1] ?? "") && lines[at + 1].includes("-")) {
      nodes.push(tableOf(while_((each) => each.includes("|"))));
    } else {
      const own = while_((each) => each.trim() && !/^(#{1,6}\s|\s*```|\s*>)/.test(each) && !ITEM.test(each));
      if (!own.length) own.push(lines[at++]);
      nodes.push(h("div", { class: "rich-section lines" }, markdownInline(own.join("\n"))));
    }
  }
  return nodes;
}

/** Whether an address may be shown as an image here: only what this server holds, so that nothing is told to others. */
export function localImage(address) {
  const href = safeUrl(address);
  return href !== null && new URL(href).origin === location.origin ? href : null;
}
