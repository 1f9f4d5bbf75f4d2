// Date and time controls: the browser's own calendar, and times typed as people write them.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { readTime, shownTime } from "./time.js";

/** A date control; onchange gets "2026-11-16" or null. */
export function datePicker({ label, value, onchange }) {
  return h("input", { type: "date", class: "field date-field", "aria-label": label, value: value ?? "", max: "9999-12-31",
    onchange: (event) => onchange(event.target.value || null) });
}

/** A time control; onchange gets "18:30" or null. The browser's own field would show the browser's clock, which need
 *  not be the person's. */
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
