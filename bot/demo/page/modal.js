// Modals of the app: up to three on a stack, inputs, errors beside their blocks, loading states.

import { api, Surface, TROUBLE } from "./api.js";
import { BlockList } from "./blocks.js";
import { fill, h, uid } from "./dom.js";
import { appIcon, iconButton } from "./icons.js";
import { words } from "./mrkdwn.js";
import { closePopover, toast } from "./popover.js";

const stack = [];
const CLOSE_AFTER_MS = 700;

class ModalView {
  constructor(view) {
    this.surface = new Surface("modal", { view_id: view.id });
    this.blocks = new BlockList(this.surface);
    this.changes = 0;
    const titleId = uid("modal");
    this.title = h("h2", { id: titleId });
    this.backPlace = h("span");
    this.body = h("div", { class: "modal-body" }, this.blocks.element);
    this.foot = h("footer", { class: "modal-foot" });
    this.element = h("dialog", { class: "modal app-modal", "aria-labelledby": titleId, oncancel: (event) => {
      event.preventDefault();
      this.close();
    } }, h("header", { class: "modal-head" }, this.backPlace, appIcon(28), this.title,
      iconButton("close", "Close", () => this.closeAll(), { class: "modal-close" })), this.body, this.foot);
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) this.submit();
      if (event.key === "Enter" && event.target.matches("input:not([type=checkbox]):not([type=radio])") && !event.defaultPrevented
        && !event.isComposing && !event.target.closest(".popover")) {
        event.preventDefault();
        this.submit();
      }
    });
    this.update(view);
  }

  update(view) {
    this.view = view;
    this.changes += 1;
    fill(this.title, words(view.title) || " ");
    this.blocks.update(view.blocks);
    this.busy(false);
    this.drawFoot();
  }

  drawFoot() {
    const { view } = this;
    this.button = view.submit ? h("button", { type: "button", class: "button primary submit", disabled: Boolean(view.submit_disabled), onclick: () => this.submit() }, words(view.submit)) : null;
    fill(this.foot, h("button", { type: "button", class: "button", onclick: () => this.close() }, words(view.close) || (view.submit ? "Cancel" : "Close")), this.button);
  }

  busy(is) {
    this.isBusy = is;
    this.element.classList.toggle("busy", is);
    this.button?.classList.toggle("busy", is);
  }

  async submit() {
    if (this.isBusy || !this.view.submit || this.view.submit_disabled) return;
    this.busy(true);
    const before = this.changes;
    try {
      const answer = await api.submit({ view_id: this.view.id, values: this.surface.values() });
      if (answer.ok === false) {
        this.busy(false);
        if (!this.blocks.errors(answer.errors)) toast(answer.shown ?? TROUBLE, "error");
        return;
      }
      // Its close or update arrives as a live event; if none does, an accepted view closes.
      setTimeout(() => {
        if (this.changes === before && stack.includes(this)) remove(this);
      }, CLOSE_AFTER_MS);
    } catch (error) {
      this.busy(false);
      toast(error.message, "error");
    }
  }

  close() {
    const { id } = this.view;
    remove(this);
    api.close(id).catch(() => {});
  }

  closeAll() {
    const { id } = stack[0].view;
    for (const modal of [...stack].reverse()) remove(modal);
    api.close(id, true).catch(() => {});
  }
}

function arrange() {
  stack.forEach((modal, index) => {
    const top = index === stack.length - 1;
    fill(modal.backPlace, index > 0 ? iconButton("back", "Back", () => modal.close(), { class: "modal-back" }) : null);
    modal.element.classList.toggle("under", !top);
  });
}

function remove(modal) {
  const at = stack.indexOf(modal);
  if (at < 0) return;
  closePopover(false);
  stack.splice(at, 1);
  modal.changes += 1;
  modal.element.close();
  modal.element.remove();
  arrange();
}

function put(view) {
  const modal = new ModalView(view);
  stack.push(modal);
  document.body.append(modal.element);
  modal.element.showModal();
  arrange();
  const first = modal.body.querySelector("input:not([type=range]), textarea, .select");
  (first ?? modal.button ?? modal.element.querySelector(".modal-foot button"))?.focus({ preventScroll: true });
}

const find = (id) => stack.find((modal) => modal.view.id === id);

/** A live event about views. */
export function viewEvent(event) {
  if (event.type === "view_opened") {
    if (find(event.view.id)) find(event.view.id).update(event.view);
    else {
      for (const modal of [...stack]) remove(modal);
      put(event.view);
    }
  } else if (event.type === "view_pushed") {
    stack.at(-1)?.busy(false);
    if (stack.length) stack.at(-1).changes += 1;
    if (!find(event.view.id)) put(event.view);
  } else if (event.type === "view_updated") {
    find(event.view.id)?.update(event.view);
  } else if (event.type === "view_closed") {
    // A view takes those above it with it.
    const from = event.clear ? 0 : stack.indexOf(find(event.view_id));
    if (from >= 0) for (const modal of stack.slice(from).reverse()) remove(modal);
  }
}
