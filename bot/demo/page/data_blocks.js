// Blocks of data: data_table (searched, sorted, in pages) and data_visualization (charts, drawn as SVG).

import { fill, h, plural, sideways, svg } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { richText } from "./mrkdwn.js";
import { copyText, toggleMenu, wideView } from "./popover.js";

const PAGE_SIZE = 5;

const shown = (cell) => (cell?.type === "rich_text" ? richText(cell) : [String(cell?.text ?? "")]);

/** The words of a cell, for searching and for sorting by alphabet. */
const wordsOf = (cell) => (cell?.type === "rich_text" ? h("div", null, richText(cell)).textContent : String(cell?.text ?? ""));

/** How two rows compare in a column: by number only where every cell is one, else by alphabet. */
function order(rows, column) {
  if (rows.every((row) => row[column]?.type === "raw_number")) return (a, b) => a[column].value - b[column].value;
  const collator = new Intl.Collator("en", { sensitivity: "base" });
  return (a, b) => collator.compare(wordsOf(a[column]), wordsOf(b[column]));
}

/** All of a table as text, header first, cells quoted where they need it. */
function separated(rows, mark) {
  const quoted = (text) => (new RegExp(`["\\n${mark}]`).test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map((cell) => quoted(wordsOf(cell))).join(mark)).join("\r\n");
}

function downloadCsv(block) {
  const href = URL.createObjectURL(new Blob([`\ufeff${separated(block.rows, ",")}\r\n`], { type: "text/csv" }));
  h("a", { href, download: `${String(block.caption).slice(0, 60)}.csv` }).click();
  setTimeout(() => URL.revokeObjectURL(href), 1000);
}

/** A data_table block. What is typed, sorted and turned stays while the message shows this same block. */
export function dataTable(block) {
  const [head = [], ...rows] = block.rows ?? [];
  const size = block.page_size ?? PAGE_SIZE;
  const nameColumn = block.row_header_column_index ?? 0;
  const state = { part: "", column: null, descending: false, page: 0 };
  const body = h("tbody");
  const pages = h("div", { class: "data-pages" });
  const heads = head.map((cell, column) => {
    const button = h("button", { type: "button", class: "data-sort", onclick: () => {
      state.descending = state.column === column && !state.descending;
      state.column = column;
      state.page = 0;
      draw();
    } }, String(cell?.text ?? ""));
    return h("th", { scope: "col", "aria-sort": "none" }, button);
  });
  const turn = (step) => () => {
    state.page += step;
    draw();
  };
  const previous = iconButton("left", "Previous page", turn(-1), { size: 16 });
  const next = iconButton("right", "Next page", turn(1), { size: 16 });
  const search = h("input", { class: "field data-search", type: "search", placeholder: "Search", "aria-label": `Search ${block.caption}`,
    oninput: (event) => {
      state.part = event.target.value.trim().toLowerCase();
      state.page = 0;
      draw();
    } });

  function draw() {
    let found = rows.filter((row) => row.some((cell) => wordsOf(cell).toLowerCase().includes(state.part)));
    if (state.column !== null) {
      const compare = order(rows, state.column);
      found = found.sort((a, b) => (state.descending ? compare(b, a) : compare(a, b)));
    }
    heads.forEach((cell, column) => cell.setAttribute("aria-sort",
      column !== state.column ? "none" : state.descending ? "descending" : "ascending"));
    const first = state.page * size;
    const last = Math.min(first + size, found.length);
    fill(body, found.slice(first, last).map((row) => h("tr", { onclick: (event) => event.currentTarget.classList.toggle("open") }, row.map((cell, column) => (
      h(column === nameColumn ? "th" : "td", { scope: column === nameColumn ? "row" : null, class: cell?.type === "raw_number" ? "align-right" : null },
        shown(cell)))))), found.length ? null : h("tr", null, h("td", { colspan: head.length, class: "quiet" }, "No results")));
    previous.disabled = first === 0;
    next.disabled = last >= found.length;
    const count = found.length > size ? `${first + 1}–${last} of ${found.length}` : plural(found.length, "row", "rows");
    fill(pages, h("span", { "aria-live": "polite" }, count), found.length > size ? [previous, next] : null);
  }

  const caption = String(block.caption ?? "Table");
  const more = iconButton("more", `More about ${caption}`, () => toggleMenu(more, [
    { label: "Copy table", icon: icon("copy", 18), run: () => copyText(separated(block.rows, "\t"), "Table copied") },
    { label: "Download table", icon: icon("download", 18), run: () => downloadCsv(block) },
    { label: "Open full view", icon: icon("expand", 18), run: () => wideView(caption, dataTable({ ...block, page_size: 100 })) },
  ], { side: "end" }), { "aria-haspopup": "menu", "aria-expanded": "false", size: 18 });

  draw();
  return h("div", { class: "block data-table" },
    h("div", { class: "data-head" }, h("div", { class: "data-caption" }, caption), search, more),
    sideways(h("div", { class: "table-scroll", role: "region", "aria-label": String(block.caption ?? "Table") },
      h("table", { class: "block-table", "aria-label": String(block.caption ?? "") },
        h("thead", null, h("tr", null, heads)), body)), "table-frame"), pages);
}

const WIDTH = 600;
const HEIGHT = 260;
const PLOT = { left: 52, right: 12, top: 12 };
const COLOURS = 12;

const colour = (index) => `series-${index % COLOURS}`;
const number = (value) => value.toLocaleString("en-US", { maximumFractionDigits: 2 });

/** Even steps from below the smallest to above the greatest value, zero among them. */
function scale(values) {
  const low = Math.min(0, ...values);
  const high = Math.max(0, ...values);
  const rough = (high - low || 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((each) => each * power).find((each) => each >= rough);
  const ticks = [];
  for (let at = Math.floor(low / step); at <= Math.ceil(high / step); at += 1) ticks.push(at * step);
  return ticks;
}

/** The frame of a chart with two axes: grid, labels, and where a value or category stands. */
function axes(config, series) {
  const ticks = scale(series.flatMap((each) => each.data.map((point) => point.value)));
  const names = config?.categories ?? [];
  const band = (WIDTH - PLOT.left - PLOT.right) / Math.max(names.length, 1);
  const bottom = config?.x_label ? 44 : 24;
  const height = HEIGHT - PLOT.top - bottom;
  const y = (value) => PLOT.top + height * (1 - (value - ticks[0]) / (ticks.at(-1) - ticks[0]));
  const x = (index) => PLOT.left + band * (index + 0.5);
  // Names that would touch are left out; every point keeps its tooltip.
  const every = Math.ceil((Math.max(...names.map((name) => name.length), 1) * 5.6 + 8) / band);
  const shapes = ticks.flatMap((tick) => [
    ["line", { x1: PLOT.left, x2: WIDTH - PLOT.right, y1: y(tick), y2: y(tick), class: tick === 0 ? "chart-zero" : "chart-grid" }],
    ["text", { x: PLOT.left - 6, y: y(tick) + 4, "text-anchor": "end", class: "chart-text" }, number(tick)],
  ]);
  names.forEach((name, index) => {
    if (index % every === 0) shapes.push(["text", { x: x(index), y: HEIGHT - bottom + 16, "text-anchor": "middle", class: "chart-text" }, name]);
  });
  if (config?.x_label) shapes.push(["text", { x: WIDTH / 2, y: HEIGHT - 6, "text-anchor": "middle", class: "chart-text chart-label" }, config.x_label]);
  if (config?.y_label) {
    shapes.push(["text", { transform: `translate(12 ${PLOT.top + height / 2}) rotate(-90)`, "text-anchor": "middle", class: "chart-text chart-label" },
      config.y_label]);
  }
  return { shapes, x, y, band };
}

const title = (name, point) => `${name}, ${point.label}: ${number(point.value)}`;

function bars(chart) {
  const { shapes, x, y, band } = axes(chart.axis_config, chart.series);
  const width = (band * 0.75) / chart.series.length;
  chart.series.forEach((each, which) => each.data.forEach((point, index) => shapes.push(["rect", {
    x: x(index) + width * (which - chart.series.length / 2), width, y: Math.min(y(0), y(point.value)),
    height: Math.max(Math.abs(y(0) - y(point.value)), 0.5), class: `chart-fill ${colour(which)}`,
  }, null, title(each.name, point)])));
  return shapes;
}

function lines(chart) {
  const { shapes, x, y } = axes(chart.axis_config, chart.series);
  chart.series.forEach((each, which) => {
    const points = each.data.map((point, index) => `${x(index)},${y(point.value)}`);
    const ends = [`${x(each.data.length - 1)},${y(0)}`, `${x(0)},${y(0)}`];
    if (chart.type === "area") shapes.push(["polygon", { points: [...points, ...ends].join(" "), class: `chart-area ${colour(which)}` }]);
    shapes.push(["polyline", { points: points.join(" "), class: `chart-line ${colour(which)}` }]);
    each.data.forEach((point, index) => shapes.push(["circle", { cx: x(index), cy: y(point.value), r: 4, class: `chart-fill ${colour(which)}` },
      null, title(each.name, point)]));
  });
  return shapes;
}

function slices(chart) {
  const total = chart.segments.reduce((sum, each) => sum + each.value, 0);
  const radius = HEIGHT / 2 - 10;
  const [cx, cy] = [HEIGHT / 2, HEIGHT / 2];
  const place = (part) => `${cx + radius * Math.sin(2 * Math.PI * part)} ${cy - radius * Math.cos(2 * Math.PI * part)}`;
  let start = 0;
  return chart.segments.map((each, index) => {
    const share = each.value / total;
    const label = `${each.label}: ${number(each.value)} (${number(share * 100)}%)`;
    const end = start + share;
    const wedge = `M${cx} ${cy}L${place(start)}A${radius} ${radius} 0 ${share > 0.5 ? 1 : 0} 1 ${place(end)}Z`;
    start = end;
    const cut = { class: `chart-fill chart-slice ${colour(index)}` };
    return chart.segments.length === 1 ? ["circle", { cx, cy, r: radius, ...cut }, null, label] : ["path", { d: wedge, ...cut }, null, label];
  });
}

const CHARTS = { bar: bars, line: lines, area: lines, pie: slices };

/** A data_visualization block. Every value is in a tooltip, and in the chart's description. */
export function dataChart(block) {
  const { chart } = block;
  const names = chart.type === "pie" ? chart.segments.map((each) => `${each.label}: ${number(each.value)}`) : chart.series.map((each) => each.name);
  const [width, look] = chart.type === "pie" ? [HEIGHT, "chart chart-pie"] : [WIDTH, "chart"];
  const drawing = svg(`0 0 ${width} ${HEIGHT}`, { class: look, role: "img", "aria-hidden": null, "aria-label": `${block.title}: ${names.join(", ")}` },
    CHARTS[chart.type](chart));
  return h("figure", { class: "block data-chart" }, h("figcaption", { class: "data-caption" }, String(block.title ?? "")),
    sideways(h("div", { class: "table-scroll", role: "region", "aria-label": String(block.title ?? "Chart") }, drawing)),
    h("ul", { class: "chart-legend" }, names.map((name, index) => h("li", null, h("i", { class: `chart-key ${colour(index)}` }), name))));
}
