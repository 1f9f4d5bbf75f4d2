// Menus of Block Kit: one or several options, fixed or asked of the app, with search. A combobox with a listbox.

import { add, debounce, fill, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { inlineText, words } from "./mrkdwn.js";
import { closePopover, isOpen, openPopover } from "./popover.js";

const SEARCH_FROM = 6;
const ASK_AFTER_MS = 250;

function groupsOf(answer) {
  if (answer?.option_groups) return answer.option_groups;
  return [{ label: null, options: answer?.options ?? [] }];
}

const matches = (option, part) => `${words(option.text)} ${words(option.description)}`.toLowerCase().includes(part);

/**
 * A select control.
 * source: {options} | {option_groups} | async (text) => the same, external: true
 * chosen: list of options; multiple; most: how many; onchange(list).
 */
export function select({ label, placeholder, source, external = false, minLength = 0, chosen = [], multiple = false,
  most = Infinity, disabled = false, onchange }) {
  const state = { chosen: [...chosen] };
  const face = h("span", { class: "select-face" });
  const button = h("button", {
    type: "button", class: `select${multiple ? " multiple" : ""}`, role: "combobox", "aria-haspopup": "listbox",
    "aria-expanded": "false", "aria-label": label, disabled, onclick: () => toggle(),
    onkeydown: (event) => {
      if (event.key === "ArrowDown") {
        event.preventDefault();
        toggle();
      }
    },
  }, face, icon("down", 16));

  function draw() {
    if (!state.chosen.length) fill(face, h("span", { class: "placeholder" }, placeholder));
    else if (!multiple) fill(face, inlineText(state.chosen[0].text));
    else {
      fill(face, state.chosen.map((option) => h("span", { class: "pill" }, inlineText(option.text),
        h("span", {
          class: "pill-remove", role: "button", "aria-label": `Remove ${words(option.text)}`,
          onclick: (event) => {
            event.stopPropagation();
            change(state.chosen.filter((each) => each.value !== option.value));
          },
        }, "×"))));
    }
    const spoken = state.chosen.map((option) => words(option.text)).join(", ");
    button.setAttribute("aria-label", spoken ? `${label}: ${spoken}` : label);
  }

  function change(list) {
    state.chosen = list;
    draw();
    onchange(list);
  }

  function pick(option) {
    const has = state.chosen.some((each) => each.value === option.value);
    if (!multiple) {
      closePopover();
      // As in Slack: what is chosen already can be chosen again, but that is no event.
      if (!has) change([option]);
      return;
    }
    if (has) change(state.chosen.filter((each) => each.value !== option.value));
    else if (state.chosen.length < most) change([...state.chosen, option]);
  }

  function toggle() {
    if (isOpen(button)) closePopover();
    else openList(button, { label, source, external, minLength, state, pick, multiple });
  }

  draw();
  return button;
}

function openList(button, { label, source, external, minLength, state, pick, multiple }) {
  const id = uid("list");
  const list = h("div", { class: "options", role: "listbox", id, "aria-label": label,
    "aria-multiselectable": multiple ? "true" : null });
  const search = h("input", {
    class: "options-search", type: "text", placeholder: "Search", "aria-label": `Search ${label}`, "aria-controls": id,
    role: "combobox", "aria-expanded": "true", autocomplete: "off", spellcheck: "false",
  });
  let shown = [];
  let active = -1;
  let asked = 0;

  const fixed = external ? null : groupsOf(source);
  const count = fixed ? fixed.reduce((sum, group) => sum + group.options.length, 0) : Infinity;
  const opened = openPopover(button, [count >= SEARCH_FROM ? search : null, list],
    { className: "options-popover", matchWidth: true });

  function mark(next) {
    if (!shown.length) return;
    active = (next + shown.length) % shown.length;
    shown.forEach(({ row }, index) => row.classList.toggle("active", index === active));
    shown[active].row.scrollIntoView({ block: "nearest" });
    search.setAttribute("aria-activedescendant", shown[active].row.id);
    list.setAttribute("aria-activedescendant", shown[active].row.id);
  }

  function row(option) {
    const chosen = () => state.chosen.some((each) => each.value === option.value);
    const element = h("div", {
      class: "option", role: "option", id: uid("option"), "aria-selected": String(chosen()),
      onmousemove: () => mark(shown.findIndex((each) => each.row === element)),
      onclick: () => {
        pick(option);
        if (multiple) {
          element.setAttribute("aria-selected", String(chosen()));
          opened.replace();
        }
      },
    }, h("span", { class: "option-text" }, inlineText(option.text),
      option.description ? h("span", { class: "option-detail" }, inlineText(option.description)) : null),
    icon("check", 16));
    return element;
  }

  function draw(groups) {
    shown = [];
    fill(list);
    for (const group of groups) {
      if (!group.options?.length) continue;
      if (group.label) add(list, h("div", { class: "options-group" }, inlineText(group.label)));
      for (const option of group.options) {
        const element = row(option);
        shown.push({ option, row: element });
        add(list, element);
      }
    }
    if (!shown.length) add(list, h("div", { class: "options-empty" }, "No results"));
    active = -1;
    const first = shown.findIndex(({ option }) => state.chosen.some((each) => each.value === option.value));
    mark(Math.max(first, 0));
    opened.replace();
  }

  async function ask(text) {
    asked += 1;
    const mine = asked;
    if (text.length < minLength) {
      fill(list, h("div", { class: "options-empty" }, `Type ${minLength} or more characters`));
      return;
    }
    fill(list, h("div", { class: "options-empty" }, h("span", { class: "spinner" }), " Loading…"));
    try {
      const answer = await source(text);
      if (mine === asked && isOpen(button)) draw(groupsOf(answer));
    } catch {
      if (mine === asked) fill(list, h("div", { class: "options-empty" }, "These options could not be loaded. Try again."));
    }
  }

  const later = debounce(ASK_AFTER_MS, ask);
  const filter = () => {
    const part = search.value.trim().toLowerCase();
    if (external) later(search.value.trim());
    else draw(fixed.map((group) => ({ ...group, options: group.options.filter((each) => matches(each, part)) })));
  };
  const keys = (event) => {
    if (event.key === "ArrowDown") mark(active + 1);
    else if (event.key === "ArrowUp") mark(active - 1);
    else if (event.key === "Enter" && shown[active]) shown[active].row.click();
    else if (event.key === "Tab") closePopover();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  search.addEventListener("input", filter);
  search.addEventListener("keydown", keys);
  list.addEventListener("keydown", keys);
  if (external) ask("");
  else draw(fixed);
  if (search.isConnected) search.focus({ preventScroll: true });
  else {
    list.setAttribute("tabindex", "-1");
    list.focus({ preventScroll: true });
  }
}
