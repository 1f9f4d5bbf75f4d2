// What lies over the page: menus, lists and calendars beside a button, dialogs with one question, short notes.

import { add, h } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { inlineText, textNodes, words } from "./mrkdwn.js";

let current = null;

/** Close what is open; focus goes back to its button unless told otherwise. */
export function closePopover(refocus = true) {
  if (!current) return;
  const { element, anchor, onclose, release } = current;
  current = null;
  release();
  element.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus && anchor.isConnected) anchor.focus();
  onclose?.();
}

/** Whether a popover of this anchor is open. */
export const isOpen = (anchor) => current?.anchor === anchor;

function place(element, anchor, side) {
  const box = anchor.getBoundingClientRect();
  const own = element.getBoundingClientRect();
  const margin = 8;
  const below = innerHeight - box.bottom - margin;
  const above = side === "top" || (below < own.height && box.top > below);
  const top = above ? box.top - own.height - 4 : box.bottom + 4;
  const left = side === "end" ? box.right - own.width : box.left;
  element.style.top = `${Math.max(margin, Math.min(top, innerHeight - own.height - margin))}px`;
  element.style.left = `${Math.max(margin, Math.min(left, innerWidth - own.width - margin))}px`;
}

/** Open `content` beside `anchor`. Side: "start", "end" (aligned to that edge) or "top". Returns a way to place it again. */
export function openPopover(anchor, content, { side = "start", onclose = null, className = "", matchWidth = false } = {}) {
  closePopover(false);
  const element = h("div", { class: `popover ${className}` }, content);
  // Inside a modal dialog everything outside of it is inert, so the popover goes into the dialog.
  (anchor.closest("dialog") ?? document.body).append(element);
  if (matchWidth) element.style.minWidth = `${anchor.getBoundingClientRect().width}px`;
  anchor.setAttribute("aria-expanded", "true");
  const outside = (event) => {
    if (!element.contains(event.target) && !anchor.contains(event.target)) closePopover(false);
  };
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    closePopover();
  };
  const moved = (event) => {
    if (event.type === "scroll" && element.contains(event.target)) return;
    if (!anchor.isConnected) closePopover(false);
    else place(element, anchor, side);
  };
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("keydown", escape, true);
  addEventListener("resize", moved);
  document.addEventListener("scroll", moved, true);
  const release = () => {
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("keydown", escape, true);
    removeEventListener("resize", moved);
    document.removeEventListener("scroll", moved, true);
  };
  current = { element, anchor, onclose, release };
  place(element, anchor, side);
  return { element, replace: () => place(element, anchor, side) };
}

/** Let arrow keys walk among the buttons of a menu. */
function walk(menu) {
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("[role=menuitem]")];
    const at = items.indexOf(document.activeElement);
    const next = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    items[(next + items.length) % items.length]?.focus();
  });
}

/** A menu of {label, detail?, icon?, end?, run} items; null draws a line, a string a heading. Pressed again, it closes. */
export function toggleMenu(anchor, items, options = {}) {
  if (isOpen(anchor)) {
    closePopover();
    return;
  }
  const menu = h("div", { class: "menu", role: "menu" });
  for (const item of items) {
    if (item === null) add(menu, h("div", { class: "menu-line", role: "separator" }));
    else if (typeof item === "string") add(menu, h("div", { class: "menu-heading" }, item));
    else {
      add(menu, h("button", {
        type: "button", role: "menuitem", class: "menu-item",
        onclick: () => {
          closePopover();
          item.run();
        },
      }, item.icon, h("span", { class: "menu-label" }, item.label,
        item.detail ? h("span", { class: "menu-detail" }, item.detail) : null),
      item.end ? h("span", { class: "menu-end" }, item.end) : null));
    }
  }
  walk(menu);
  openPopover(anchor, menu, options);
  menu.querySelector("[role=menuitem]")?.focus({ preventScroll: true });
}

const SHOWN_MS = 7000;

/** Show a note for a while; the same text is not stacked. */
export function toast(text, kind = "info") {
  const place = document.getElementById("toasts");
  for (const old of place.children) {
    if (old.dataset.text === text) old.remove();
  }
  const note = h("div", { class: `toast ${kind}`, "data-text": text },
    icon(kind === "error" ? "warning" : "check", 18), h("span", null, text),
    iconButton("close", "Dismiss", () => note.remove(), { size: 16 }));
  place.append(note);
  // The popover layer is over any open dialog; shown again, it is over those opened since.
  if (place.matches(":popover-open")) place.hidePopover();
  place.showPopover();
  setTimeout(() => note.remove(), SHOWN_MS);
}

/** Put text into the clipboard and say so. */
export async function copyText(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    toast(said);
  } catch {
    toast("The browser did not allow copying.", "error");
  }
}

/** Show a <dialog>; it is removed when closed. Resolves with its return value. */
function showDialog(dialog) {
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close("");
  });
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue);
    });
  });
}

/** A Block Kit confirm object. True when confirmed. */
export async function confirmed(confirm) {
  if (!confirm) return true;
  const danger = confirm.style === "danger";
  const dialog = h("dialog", { class: "modal confirm", role: "alertdialog", "aria-label": words(confirm.title) || "Are you sure?" },
    h("header", { class: "modal-head" }, h("h2", null, inlineText(confirm.title)),
      iconButton("close", "Close", () => dialog.close(""))),
    h("div", { class: "modal-body" }, h("div", { class: "rich-section" }, textNodes(confirm.text))),
    h("footer", { class: "modal-foot" },
      h("button", { type: "button", class: "button", onclick: () => dialog.close("") }, words(confirm.deny) || "Cancel"),
      h("button", {
        type: "button", class: `button ${danger ? "danger-filled" : "primary"}`, autofocus: true,
        onclick: () => dialog.close("yes"),
      }, words(confirm.confirm) || "Yes")));
  return (await showDialog(dialog)) === "yes";
}

/** Something wide (a whole table, a long text) over the page. */
export function wideView(title, content, actions = null) {
  const dialog = h("dialog", { class: "modal wide", "aria-label": title },
    h("header", { class: "modal-head" }, icon("table", 20), h("h2", null, title), actions,
      iconButton("close", "Close", () => dialog.close(""))),
    h("div", { class: "modal-body" }, content));
  return showDialog(dialog);
}
