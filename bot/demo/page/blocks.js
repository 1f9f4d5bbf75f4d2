// Block Kit to nodes. An updated list of blocks keeps the nodes of those that did not change.

import { dataChart, dataTable } from "./data_blocks.js";
import { fill, h, sideways, uid } from "./dom.js";
import { buildElement, image } from "./elements.js";
import { inlineText, richText, textNodes, words } from "./mrkdwn.js";

function section(block, surface) {
  const accessory = block.accessory;
  const body = h("div", { class: "section-body" },
    block.text ? h("div", { class: "section-text" }, textNodes(block.text)) : null,
    block.fields?.length ? h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "field-cell" }, textNodes(field)))) : null);
  if (!accessory) return h("div", { class: "block section" }, body);
  const context = { surface, blockId: block.block_id, label: words(block.text).slice(0, 80), dispatch: true };
  return h("div", { class: "block section with-accessory" }, body,
    h("div", { class: `accessory accessory-${accessory.type}` }, buildElement(accessory, context)));
}

function context(block) {
  return h("div", { class: "block context" }, (block.elements ?? []).map((element) => (
    element.type === "image" ? image(element, "context-image") : h("span", { class: "context-text" }, inlineText(element)))));
}

function actions(block, surface) {
  return h("div", { class: "block actions" }, (block.elements ?? []).map((element) => (
    buildElement(element, { surface, blockId: block.block_id, dispatch: true }))));
}

function input(block, surface) {
  const label = words(block.label);
  const hint = block.hint ? h("div", { class: "hint" }, inlineText(block.hint)) : null;
  const error = h("div", { class: "input-error", id: uid("error"), role: "alert" });
  return h("div", { class: "block input", "data-input": block.block_id },
    h("div", { class: "input-label" }, inlineText(block.label), block.optional ? h("span", { class: "optional" }, " (optional)") : null),
    buildElement(block.element, { surface, blockId: block.block_id, label, input: true, dispatch: Boolean(block.dispatch_action) }),
    error, hint);
}

function cellNodes(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  return [String(cell?.text ?? "")];
}

function table(block) {
  const settings = block.column_settings ?? [];
  const rows = block.rows ?? [];
  const cell = (value, column, head) => {
    const setting = settings[column] ?? {};
    const align = ["center", "right"].includes(setting.align) ? ` align-${setting.align}` : "";
    return h(head ? "th" : "td", { class: `${setting.is_wrapped ? "wrapped" : "single"}${align}`, scope: head ? "col" : null },
      cellNodes(value));
  };
  const line = (row, index) => h("tr", null, row.map((value, column) => cell(value, column, index === 0)));
  return sideways(h("div", { class: "table-scroll", role: "region", "aria-label": "Table" },
    h("table", { class: "block-table" },
      h("thead", null, rows.slice(0, 1).map(line)),
      h("tbody", null, rows.slice(1).map((row, index) => line(row, index + 1))))), "block table-frame");
}

const BUILDERS = {
  section,
  context,
  actions,
  input,
  table,
  data_table: dataTable,
  data_visualization: dataChart,
  header: (block) => h("div", { class: "block block-header", role: "heading", "aria-level": "3" }, inlineText(block.text)),
  divider: () => h("hr", { class: "block block-divider" }),
  rich_text: (block) => h("div", { class: "block rich" }, richText(block)),
  image: (block) => h("figure", { class: "block image" },
    block.title ? h("figcaption", null, inlineText(block.title)) : null, image(block, "block-image")),
};

/** One block as a node; one that cannot be drawn says so, and the rest of the message stays. */
function build(block, surface) {
  const make = BUILDERS[block?.type];
  try {
    return make ? make(block, surface) : h("div", { class: "block unknown" }, `This content (${block?.type}) can’t be displayed here.`);
  } catch (error) {
    console.warn("block not drawn", block?.type, error);
    return h("div", { class: "block unknown" }, "This content can’t be displayed.");
  }
}

/** Draws blocks into one element, again and again. */
export class BlockList {
  constructor(surface) {
    this.surface = surface;
    this.element = h("div", { class: `blocks on-${surface.kind}` });
    this.drawn = [];
  }

  /** Show these blocks: unchanged ones keep their nodes, so nothing flickers and nothing entered is lost. */
  update(blocks) {
    const list = (blocks ?? []).map((block, index) => ({ block_id: `block-${index}`, ...block }));
    this.surface.keep(new Set(list.map((block) => block.block_id)));
    const old = [...this.drawn];
    this.drawn = list.map((block) => {
      const mark = JSON.stringify(block);
      const at = old.findIndex((each) => each.mark === mark);
      if (at >= 0) return old.splice(at, 1)[0];
      return { mark, node: build(block, this.surface) };
    });
    this.place();
  }

  place() {
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    const action = focused?.dataset?.action;
    const selection = focused && "selectionStart" in focused ? [focused.selectionStart, focused.selectionEnd] : null;
    const nodes = this.drawn.map((each) => each.node);
    for (const child of [...this.element.childNodes]) {
      if (!nodes.includes(child)) child.remove();
    }
    nodes.forEach((node, index) => {
      if (this.element.childNodes[index] !== node) this.element.insertBefore(node, this.element.childNodes[index] ?? null);
    });
    if (!action || document.activeElement === focused) return;
    const again = this.element.querySelector(`[data-action="${CSS.escape(action)}"]`);
    again?.focus({ preventScroll: true });
    if (again && selection?.[0] !== null && selection && again.setSelectionRange && again.type !== "number") {
      again.setSelectionRange(...selection);
    }
  }

  /** Show the errors of a refused submission beside their blocks; true if one was shown. */
  errors(errors) {
    let first = null;
    for (const node of this.element.querySelectorAll("[data-input]")) {
      const text = errors?.[node.dataset.input];
      fill(node.querySelector(".input-error"), text ?? "");
      node.classList.toggle("invalid", Boolean(text));
      if (text) first ??= node;
    }
    first?.scrollIntoView({ block: "nearest" });
    first?.querySelector("input, textarea, button")?.focus();
    return first !== null;
  }
}
