// Menus of Block Kit: one or several options, fixed or asked of the app, with search. A combobox with a listbox.

import { debounce, fill, h, uid } from "./dom.js";
import { icon } from "./icons.js";
import { inlineText, words } from "./mrkdwn.js";
import { closePopover, isOpen, openPopover } from "./popover.js";
import { Rows } from "./rows.js";

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
  most = Infinity, onchange }) {
  const state = { chosen: [...chosen] };
  const face = h("span", { class: "select-face" });
  const button = h("button", {
    type: "button", class: `select${multiple ? " multiple" : ""}`, role: "combobox", "aria-haspopup": "listbox",
    "aria-expanded": "false", "aria-label": label, onclick: () => toggle(),
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
  const list = h("div", { class: "options", role: "listbox", id, tabindex: "-1", "aria-label": label,
    "aria-multiselectable": multiple ? "true" : null });
  const search = h("input", {
    class: "options-search", type: "text", placeholder: "Search", "aria-label": `Search ${label}`, "aria-controls": id,
    role: "combobox", "aria-expanded": "true", autocomplete: "off", spellcheck: "false",
  });
  const rows = new Rows(list, search, list);
  let asked = 0;

  const fixed = external ? null : groupsOf(source);
  const count = fixed ? fixed.reduce((sum, group) => sum + group.options.length, 0) : Infinity;
  const opened = openPopover(button, [count >= SEARCH_FROM ? search : null, list],
    { className: "options-popover", matchWidth: true });
  const isChosen = (option) => state.chosen.some((each) => each.value === option.value);
  const say = (...words) => rows.show(h("div", { class: "options-empty" }, words));

  function row(option) {
    const element = h("div", {
      class: "option", role: "option", "aria-selected": String(isChosen(option)),
      onclick: () => {
        pick(option);
        if (multiple) {
          element.setAttribute("aria-selected", String(isChosen(option)));
          opened.replace();
        }
      },
    }, h("span", { class: "option-text" }, inlineText(option.text),
      option.description ? h("span", { class: "option-detail" }, inlineText(option.description)) : null),
    icon("check", 16));
    return element;
  }

  function draw(groups) {
    const full = groups.filter((group) => group.options?.length);
    const nodes = full.flatMap((group) => [
      group.label ? h("div", { class: "options-group" }, inlineText(group.label)) : null, ...group.options.map(row)]);
    if (full.length) rows.show(nodes, full.flatMap((group) => group.options).findIndex(isChosen));
    else say("No results");
    opened.replace();
  }

  async function ask(text) {
    asked += 1;
    const mine = asked;
    if (text.length < minLength) {
      say(`Type ${minLength} or more characters`);
      return;
    }
    say(h("span", { class: "spinner" }), " Loading…");
    try {
      const answer = await source(text);
      if (mine === asked && isOpen(button)) draw(groupsOf(answer));
    } catch {
      if (mine === asked) say("These options could not be loaded. Try again.");
    }
  }

  const later = debounce(ASK_AFTER_MS, ask);
  const filter = () => {
    const part = search.value.trim().toLowerCase();
    if (external) later(search.value.trim());
    else draw(fixed.map((group) => ({ ...group, options: group.options.filter((each) => matches(each, part)) })));
  };
  const keys = (event) => {
    if (rows.key(event) || event.key !== "Tab") return;
    closePopover();
    event.preventDefault();
  };
  search.addEventListener("input", filter);
  search.addEventListener("keydown", keys);
  list.addEventListener("keydown", keys);
  if (external) ask("");
  else draw(fixed);
  (search.isConnected ? search : list).focus({ preventScroll: true });
}
