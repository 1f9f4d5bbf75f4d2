// Files in messages: CSV as a table, audio with a player, text as a snippet, and a card for the rest.

import { fill, h, plural, safeUrl, sideways } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { wideView } from "./popover.js";

const PREVIEW_ROWS = 7;
const KEPT_ROWS = 501;
const SNIPPET_LINES = 8;
const SNIPPET_BYTES = 400_000;

/** "1.4 MB" */
export function size(bytes) {
  if (!Number.isFinite(bytes)) return "";
  const units = ["bytes", "KB", "MB", "GB"];
  const step = bytes > 0 ? Math.min(Math.floor(Math.log(bytes) / Math.log(1000)), 3) : 0;
  const value = bytes / 1000 ** step;
  return `${step && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[step]}`;
}

function local(file, inline) {
  const href = safeUrl(file.url ?? `/demo/files/${encodeURIComponent(file.id)}`);
  if (href === null) return null;
  const url = new URL(href);
  if (url.origin !== location.origin) return null;
  if (inline) url.searchParams.set("inline", "1");
  return url.pathname + url.search;
}

const titleOf = (file) => file.title || file.name || "Untitled";

function download(file) {
  return h("a", {
    class: "icon-button file-download", href: local(file, false), download: file.name || true,
    "aria-label": `Download ${titleOf(file)}`, title: "Download",
  }, icon("download", 18));
}

/** The card around a file: kind icon, title, facts, its own buttons. */
function card(file, kind, facts, ...rest) {
  const details = h("span", { class: "file-facts" }, facts);
  const tools = h("span", { class: "file-tools" }, download(file));
  const head = h("div", { class: "file-head" },
    h("span", { class: `file-kind ${kind}` }, icon({ csv: "table", audio: "sound" }[kind] ?? "file", 20)),
    h("span", { class: "file-names" }, h("span", { class: "file-title" }, titleOf(file)), details), tools);
  return { element: h("div", { class: `file ${kind}`, "data-file": file.id }, head, rest), details, tools };
}

function tableOf(rows) {
  const [head = [], ...body] = rows;
  const numbers = head.map((_, column) => body.length > 0 && body.every((row) => /^-?[\d.,]*$/.test(row[column] ?? "")));
  const line = (tag, row) => h("tr", null, head.map((_, column) => h(tag, { class: numbers[column] ? "number" : null }, row[column] ?? "")));
  return h("table", { class: "csv-table" }, h("thead", null, line("th", head)), h("tbody", null, body.map((row) => line("td", row))));
}

/** Draw the folded file, and a foot that unfolds it when there is more. */
function fold(foot, more, [one, many], draw) {
  let opened = false;
  const button = h("button", { type: "button", class: "text-button", "aria-expanded": "false", onclick: () => {
    opened = !opened;
    button.setAttribute("aria-expanded", String(opened));
    fill(button, opened ? "Show less" : "Show more");
    draw(opened);
  } }, "Show more");
  fill(foot, more > 0 ? [button, h("span", { class: "quiet" }, plural(more, `more ${one}`, `more ${many}`))] : null);
  draw(false);
}

function csv(file) {
  const preview = h("div", { class: "csv-preview", role: "region", "aria-label": `Preview of ${titleOf(file)}` },
    h("div", { class: "file-wait" }, h("span", { class: "spinner" }), " Loading preview…"));
  const foot = h("div", { class: "file-foot" });
  const { element, details, tools } = card(file, "csv", ["CSV", size(file.size)].filter(Boolean).join(" · "), sideways(preview), foot);
  fetch(local(file, true)).then((response) => {
    if (!response.ok) throw new Error(String(response.status));
    return response.text();
  }).then((text) => {
    const parsed = parseCsv(text);
    const rows = parsed.slice(0, KEPT_ROWS);
    const all = Math.max(parsed.length - 1, 0);
    fill(details, ["CSV", plural(all, "row", "rows"), size(file.size)].filter(Boolean).join(" · "));
    const open = () => wideView(titleOf(file), [
      sideways(h("div", { class: "csv-full", role: "region", "aria-label": titleOf(file) }, tableOf(rows)), "table-frame"),
      parsed.length > rows.length ? h("p", { class: "quiet" }, `The first ${plural(rows.length - 1, "row", "rows")} of ${all.toLocaleString("en-US")}. Download the file for all of them.`) : null,
    ], download(file));
    tools.prepend(iconButton("expand", "Open in full view", open, { size: 18 }));
    fold(foot, all - (PREVIEW_ROWS - 1), ["row", "rows"], (opened) => {
      fill(preview, tableOf(rows.slice(0, opened ? 51 : PREVIEW_ROWS)));
      element.classList.toggle("opened", opened);
    });
    element.classList.toggle("has-more", all >= PREVIEW_ROWS);
  }).catch(() => fill(preview, h("div", { class: "file-wait" }, "No preview. The file can be downloaded.")));
  return element;
}

function audio(file) {
  const sound = h("audio", { controls: true, preload: "metadata", src: local(file, true), "aria-label": titleOf(file) });
  return card(file, "audio", ["Audio", size(file.size)].filter(Boolean).join(" · "), h("div", { class: "player" }, sound)).element;
}

function snippet(file) {
  const body = h("div", { class: "snippet" }, h("div", { class: "file-wait" }, h("span", { class: "spinner" }), " Loading preview…"));
  const foot = h("div", { class: "file-foot" });
  const { element } = card(file, "text", ["Text", size(file.size)].filter(Boolean).join(" · "), body, foot);
  fetch(local(file, true)).then((response) => {
    if (!response.ok) throw new Error(String(response.status));
    return response.text();
  }).then((text) => {
    const lines = text.slice(0, SNIPPET_BYTES).replace(/\n$/, "").split("\n");
    fold(foot, lines.length - SNIPPET_LINES, ["line", "lines"], (opened) => fill(body, h("ol", { class: "snippet-lines" },
      (opened ? lines : lines.slice(0, SNIPPET_LINES)).map((line) => h("li", null, line)))));
  }).catch(() => fill(body, h("div", { class: "file-wait" }, "No preview. The file can be downloaded.")));
  return element;
}

const isCsv = (file) => file.filetype === "csv" || file.mimetype === "text/csv" || /\.csv$/i.test(file.name ?? "");

/** One file as a node. */
export function buildFile(file) {
  const type = String(file.mimetype ?? "");
  if (local(file, true) === null) return h("div", { class: "file" }, h("span", { class: "file-title" }, titleOf(file)));
  if (isCsv(file)) return csv(file);
  if (type.startsWith("audio/")) return audio(file);
  if (type.startsWith("text/") || ["json", "text", "txt", "markdown", "python"].includes(file.filetype)) return snippet(file);
  return card(file, "other", [String(file.filetype ?? "File").toUpperCase(), size(file.size)].filter(Boolean).join(" · ")).element;
}

/** Text as CSV: rows of cells, as RFC 4180 has it. */
function parseCsv(text) {
  const rows = [[]];
  const cells = /(?:"((?:[^"]|"")*)"?|([^",\r\n]*))(,|\r?\n|$)/g;
  for (const [whole, quoted, plain, end] of text.matchAll(cells)) {
    if (!whole && !rows.at(-1).length) break;
    rows.at(-1).push(quoted?.replaceAll('""', '"') ?? plain);
    if (!end) break;
    if (end !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length);
}
