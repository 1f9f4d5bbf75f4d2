// Files in messages: CSV as a table, audio with a player, text as a snippet, images, and a card for the rest.

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

function csv(file) {
  const preview = h("div", { class: "csv-preview", role: "region", "aria-label": `Preview of ${titleOf(file)}` },
    h("div", { class: "file-wait" }, h("span", { class: "spinner" }), " Loading preview…"));
  const foot = h("div", { class: "file-foot" });
  const { element, details, tools } = card(file, "csv", ["CSV", size(file.size)].filter(Boolean).join(" · "), sideways(preview), foot);
  fetch(local(file, true)).then((response) => {
    if (!response.ok) throw new Error(String(response.status));
    return readCsv(response, KEPT_ROWS);
  }).then(({ rows, count }) => {
    const all = Math.max(count - 1, 0);
    fill(details, ["CSV", plural(all, "row", "rows"), size(file.size)].filter(Boolean).join(" · "));
    fill(preview, tableOf(rows.slice(0, PREVIEW_ROWS)));
    const open = () => wideView(titleOf(file), [
      sideways(h("div", { class: "csv-full", role: "region", "aria-label": titleOf(file) }, tableOf(rows)), "table-frame"),
      count > rows.length ? h("p", { class: "quiet" }, `The first ${plural(rows.length - 1, "row", "rows")} of ${all.toLocaleString("en-US")}. Download the file for all of them.`) : null,
    ], download(file));
    tools.prepend(iconButton("expand", "Open in full view", open, { size: 18 }));
    let opened = false;
    const expand = h("button", {
      type: "button", class: "text-button", "aria-expanded": "false", onclick: () => {
        opened = !opened;
        fill(preview, tableOf(rows.slice(0, opened ? 51 : PREVIEW_ROWS)));
        fill(expand, opened ? "Show less" : "Show more");
        expand.setAttribute("aria-expanded", String(opened));
        element.classList.toggle("opened", opened);
      },
    }, "Show more");
    const more = all - (PREVIEW_ROWS - 1);
    fill(foot, more > 0 ? [expand, h("span", { class: "quiet" }, plural(more, "more row", "more rows"))] : null);
    element.classList.toggle("has-more", more > 0);
  }).catch(() => fill(preview, h("div", { class: "file-wait" }, "No preview. The file can be downloaded.")));
  return element;
}

const minutes = (seconds) => (Number.isFinite(seconds)
  ? `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}` : "0:00");

function audio(file) {
  const sound = h("audio", { preload: "metadata", src: local(file, true) });
  const play = iconButton("play", `Play ${titleOf(file)}`, () => (sound.paused ? sound.play().catch(failed) : sound.pause()), { class: "play" });
  const bar = h("input", { type: "range", class: "audio-bar", min: "0", max: "1000", value: "0", "aria-label": "Position",
    oninput: () => {
      if (Number.isFinite(sound.duration)) sound.currentTime = (Number(bar.value) / 1000) * sound.duration;
    } });
  const time = h("span", { class: "audio-time" }, "0:00");
  const rates = [1, 1.25, 1.5, 2];
  const speed = h("button", { type: "button", class: "text-button speed", "aria-label": "Speed", onclick: () => {
    sound.playbackRate = rates[(rates.indexOf(sound.playbackRate) + 1) % rates.length];
    fill(speed, `${sound.playbackRate}×`);
  } }, "1×");
  function failed() {
    fill(time, "Can’t be played");
  }
  const show = () => {
    const share = sound.duration ? sound.currentTime / sound.duration : 0;
    bar.value = String(Math.round(share * 1000));
    bar.style.setProperty("--done", `${share * 100}%`);
    fill(time, `${minutes(sound.currentTime)} / ${minutes(sound.duration)}`);
  };
  const face = () => {
    fill(play, icon(sound.paused ? "play" : "pause", 18));
    play.setAttribute("aria-label", `${sound.paused ? "Play" : "Pause"} ${titleOf(file)}`);
  };
  for (const name of ["timeupdate", "loadedmetadata", "seeked"]) sound.addEventListener(name, show);
  for (const name of ["play", "pause", "ended"]) sound.addEventListener(name, face);
  sound.addEventListener("error", failed);
  return card(file, "audio", ["Audio", size(file.size)].filter(Boolean).join(" · "),
    h("div", { class: "player" }, play, bar, time, speed, sound)).element;
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
    let opened = false;
    const draw = () => fill(body, h("ol", { class: "snippet-lines" },
      (opened ? lines : lines.slice(0, SNIPPET_LINES)).map((line) => h("li", null, line))));
    const expand = h("button", { type: "button", class: "text-button", "aria-expanded": "false", onclick: () => {
      opened = !opened;
      expand.setAttribute("aria-expanded", String(opened));
      fill(expand, opened ? "Show less" : "Show more");
      draw();
    } }, "Show more");
    draw();
    const more = lines.length - SNIPPET_LINES;
    fill(foot, more > 0 ? [expand, h("span", { class: "quiet" }, plural(more, "more line", "more lines"))] : null);
  }).catch(() => fill(body, h("div", { class: "file-wait" }, "No preview. The file can be downloaded.")));
  return element;
}

function imageFile(file) {
  return h("figure", { class: "file image", "data-file": file.id },
    h("img", { src: local(file, true), alt: titleOf(file), loading: "lazy" }), h("figcaption", null, titleOf(file), download(file)));
}

const isCsv = (file) => file.filetype === "csv" || file.mimetype === "text/csv" || /\.csv$/i.test(file.name ?? "");

/** One file as a node. */
export function buildFile(file) {
  const type = String(file.mimetype ?? "");
  if (local(file, true) === null) return h("div", { class: "file" }, h("span", { class: "file-title" }, titleOf(file)));
  if (isCsv(file)) return csv(file);
  if (type.startsWith("audio/")) return audio(file);
  if (type.startsWith("image/") && type !== "image/svg+xml") return imageFile(file);
  if (type.startsWith("text/") || ["json", "text", "txt", "markdown", "python"].includes(file.filetype)) return snippet(file);
  return card(file, "other", [String(file.filetype ?? "File").toUpperCase(), size(file.size)].filter(Boolean).join(" · ")).element;
}

/** A reader fed with text; `rows` are the first ones, `count` all that ended so far. */
class CsvReader {
  constructor(keep) {
    this.keep = keep;
    this.rows = [];
    this.count = 0;
    this.row = [];
    this.cell = "";
    this.quoted = false;
    this.pending = false;
    this.started = false;
  }

  feed(text) {
    for (let at = 0; at < text.length; at += 1) this.take(text[at]);
  }

  take(character) {
    if (this.quoted) {
      if (this.pending) {
        this.pending = false;
        if (character === '"') {
          this.put(character);
          return;
        }
        this.quoted = false;
      } else {
        if (character === '"') this.pending = true;
        else this.put(character);
        return;
      }
    }
    if (character === '"' && this.cell === "") this.quoted = true;
    else if (character === ",") this.endCell();
    else if (character === "\n") this.endRow();
    else if (character !== "\r") this.put(character);
    if (character !== "\n") this.started = true;
  }

  put(character) {
    this.started = true;
    if (this.count < this.keep) this.cell += character;
    else this.cell = "…";
  }

  endCell() {
    if (this.count < this.keep) this.row.push(this.cell);
    this.cell = "";
    this.started = true;
  }

  endRow() {
    if (!this.started) return;
    this.endCell();
    if (this.count < this.keep) this.rows.push(this.row);
    this.row = [];
    this.count += 1;
    this.started = false;
  }

  end() {
    this.quoted = false;
    this.endRow();
  }
}

/** Read a response as CSV: {rows: the first `keep`, count: all, the header included}. */
async function readCsv(response, keep) {
  const reader = new CsvReader(keep);
  const decoder = new TextDecoder("utf-8");
  const stream = response.body.getReader();
  for (;;) {
    const { done, value } = await stream.read();
    if (done) break;
    reader.feed(decoder.decode(value, { stream: true }));
  }
  reader.feed(decoder.decode());
  reader.end();
  return { rows: reader.rows, count: reader.count };
}
