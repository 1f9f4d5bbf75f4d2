// The search field on top: jump to a conversation (Ctrl or Cmd + K).

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { appIcon, userIcon } from "./people.js";
import { closePopover, openPopover } from "./popover.js";
import { go } from "./router.js";
import { channelName, store } from "./store.js";

function picture(channel) {
  if (channel.kind === "app_dm") return appIcon(20);
  if (channel.kind === "im") return userIcon(channel.with, 20);
  return icon(channel.kind === "private" ? "lock" : "hash", 18);
}

/** Build the top bar. */
export function buildTop() {
  const button = h("button", { type: "button", class: "top-search", "aria-haspopup": "dialog", "aria-expanded": "false",
    "aria-label": "Jump to a conversation", onclick: () => open(button) }, icon("search", 16), `Search ${store.team.name}`);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      open(button);
    }
  });
  return h("header", { class: "top" }, h("span", { class: "top-side" }), button,
    h("span", { class: "top-side connection", role: "status", "aria-live": "polite" }));
}

function open(button) {
  const list = h("div", { class: "options", role: "listbox", "aria-label": "Conversations" });
  const field = h("input", { class: "options-search", type: "text", placeholder: "Jump to…", "aria-label": "Jump to", autocomplete: "off" });
  const opened = openPopover(button, [field, list], { className: "options-popover switcher", matchWidth: true });
  let rows = [];
  let active = 0;
  const mark = (next) => {
    active = rows.length ? (next + rows.length) % rows.length : 0;
    rows.forEach((row, index) => {
      row.classList.toggle("active", index === active);
      row.setAttribute("aria-selected", String(index === active));
    });
  };
  const draw = () => {
    const part = field.value.trim().toLowerCase().replace(/^[#@]/, "");
    const found = [...store.channels.values()].filter((channel) => channelName(channel).toLowerCase().includes(part));
    rows = found.map((channel, index) => h("div", { class: "option", role: "option", onmousemove: () => mark(index), onclick: () => {
      closePopover(false);
      go(channel.id);
    } }, picture(channel), h("span", { class: "option-text" }, channelName(channel))));
    fill(list, rows.length ? rows : h("div", { class: "options-empty" }, "No results"));
    mark(0);
    opened.replace();
  };
  field.addEventListener("input", draw);
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Enter") rows[active]?.click();
    else return;
    event.preventDefault();
  });
  draw();
  field.focus();
}
