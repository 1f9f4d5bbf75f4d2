// Date and time pickers: a calendar and a list of half hours, both reachable by keyboard.

import { add, fill, h } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { closePopover, isOpen, openPopover } from "./popover.js";
import { store } from "./store.js";
import { dayKey, readTime, shownTime } from "./time.js";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];
const DAYS = ["Su", "Mo", "Tu", "We", "Th", "Fr", "Sa"];

const iso = (date) => date.toISOString().slice(0, 10);
const parse = (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text ?? "") ? new Date(`${text}T00:00:00Z`) : null);

function shiftDays(date, days) {
  return new Date(date.getTime() + days * 86400000);
}

function shiftMonths(date, months) {
  const moved = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1));
  const last = new Date(Date.UTC(moved.getUTCFullYear(), moved.getUTCMonth() + 1, 0)).getUTCDate();
  moved.setUTCDate(Math.min(date.getUTCDate(), last));
  return moved;
}

const shownDate = (text) => {
  const date = parse(text);
  return date ? `${MONTHS[date.getUTCMonth()].slice(0, 3)} ${date.getUTCDate()}, ${date.getUTCFullYear()}` : "";
};

/** A date control; onchange gets "2026-11-16" or null. */
export function datePicker({ label, placeholder, value, clearable = false, onchange }) {
  let chosen = parse(value) ? value : null;
  const face = h("span", { class: "select-face" });
  const button = h("button", {
    type: "button", class: "select date", "aria-haspopup": "dialog", "aria-expanded": "false",
    onclick: () => (isOpen(button) ? closePopover() : open()),
  }, icon("calendar", 18), face, icon("down", 16));

  function draw() {
    fill(face, chosen ? shownDate(chosen) : h("span", { class: "placeholder" }, placeholder || "Select a date"));
    button.setAttribute("aria-label", chosen ? `${label}: ${shownDate(chosen)}` : label);
  }

  function change(next) {
    const same = next === chosen;
    chosen = next;
    closePopover();
    draw();
    if (!same) onchange(next);
  }

  function open() {
    let at = parse(chosen) ?? parse(dayKey(Date.now() / 1000));
    const panel = h("div", { class: "calendar", role: "dialog", "aria-label": label });
    const opened = openPopover(button, panel);

    function show(focus) {
      const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1));
      const start = shiftDays(first, -first.getUTCDay());
      const today = dayKey(Date.now() / 1000);
      const grid = h("div", { class: "calendar-grid", role: "grid" }, DAYS.map((day) => h("span", { class: "weekday" }, day)));
      for (let index = 0; index < 42; index += 1) {
        const day = shiftDays(start, index);
        const key = iso(day);
        const classes = ["day", day.getUTCMonth() === at.getUTCMonth() ? "" : "other", key === today ? "today" : "",
          key === chosen ? "chosen" : ""].filter(Boolean).join(" ");
        add(grid, h("button", {
          type: "button", class: classes, "data-day": key, tabindex: key === iso(at) ? "0" : "-1",
          "aria-label": shownDate(key), "aria-pressed": key === chosen ? "true" : null, onclick: () => change(key),
        }, String(day.getUTCDate())));
      }
      fill(panel, h("div", { class: "calendar-head" },
        iconButton("left", "Previous month", () => turn(-1)),
        h("strong", { "aria-live": "polite" }, `${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`),
        iconButton("right", "Next month", () => turn(1))), grid,
      clearable && chosen ? h("button", { type: "button", class: "text-button", onclick: () => change(null) }, "Clear") : null);
      if (focus) panel.querySelector(`[data-day="${iso(at)}"]`)?.focus({ preventScroll: true });
      opened.replace();
    }

    function turn(months) {
      at = shiftMonths(at, months);
      show(false);
    }

    panel.addEventListener("keydown", (event) => {
      const days = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 }[event.key];
      const months = { PageUp: -1, PageDown: 1 }[event.key];
      if (!event.target.classList.contains("day") || (!days && !months)) return;
      event.preventDefault();
      at = days ? shiftDays(parse(event.target.dataset.day), days) : shiftMonths(at, months);
      show(true);
    });
    show(true);
  }

  draw();
  return button;
}

/** A time control, typed as people write times; onchange gets "18:30" or null. The browser's own field would show
 *  the browser's clock, which need not be the person's. */
export function timePicker({ label, placeholder, value, onchange }) {
  let chosen = readTime(value ?? "");
  const field = h("input", {
    type: "text", class: "field time-field", "aria-label": label, value: shownTime(chosen), autocomplete: "off", spellcheck: "false",
    placeholder: placeholder || (store.me.time24 ? "hh:mm" : "h:mm AM"),
    onchange: () => commit(),
    // Enter submits a form before the field has told of its change.
    onkeydown: (event) => event.key === "Enter" && commit(),
  });
  function commit() {
    const next = readTime(field.value);
    // What is no time leaves the field as it was.
    if ((next || !field.value.trim()) && next !== chosen) {
      chosen = next;
      onchange(next);
    }
    field.value = shownTime(chosen);
  }
  return h("span", { class: "field-with-icon" }, icon("clock", 18), field);
}

/** A date and time control; onchange gets Unix seconds in this browser's zone, or null. */
export function dateTimePicker({ label, value, onchange }) {
  const date = Number.isFinite(value) ? new Date(value * 1000) : null;
  const local = date ? new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16) : "";
  return h("input", {
    type: "datetime-local", class: "field", "aria-label": label, value: local,
    onchange: (event) => {
      const time = new Date(event.target.value).getTime();
      onchange(Number.isNaN(time) ? null : Math.floor(time / 1000));
    },
  });
}
