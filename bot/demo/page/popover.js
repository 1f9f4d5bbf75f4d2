// Things that open beside a button: menus, lists, calendars. One at a time; Escape and a click outside close it.

import { add, h } from "./dom.js";

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

/** A menu of {label, detail?, icon?, danger?, run} items; null draws a line, a string a heading. */
export function openMenu(anchor, items, options = {}) {
  const menu = h("div", { class: "menu", role: "menu" });
  for (const item of items) {
    if (item === null) add(menu, h("div", { class: "menu-line", role: "separator" }));
    else if (typeof item === "string") add(menu, h("div", { class: "menu-heading" }, item));
    else {
      add(menu, h("button", {
        type: "button", role: "menuitem", class: item.danger ? "menu-item danger" : "menu-item",
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
  const opened = openPopover(anchor, menu, options);
  menu.querySelector("[role=menuitem]")?.focus({ preventScroll: true });
  return opened;
}
