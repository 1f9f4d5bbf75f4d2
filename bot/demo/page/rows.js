// Options one walks with the arrow keys: of a menu in a form, of the switcher on top, of the hints over the composer.

import { fill, uid } from "./dom.js";

export class Rows {
  /** `box` holds the options; `fields` have the focus, and tell a screen reader which option is marked. */
  constructor(box, ...fields) {
    this.box = box;
    this.fields = fields;
    this.options = [];
    this.active = 0;
  }

  /** Show these nodes; those of role option can be walked, from the one at `active` on. */
  show(nodes, active = 0) {
    fill(this.box, nodes);
    this.options = [...this.box.querySelectorAll("[role=option]")];
    this.options.forEach((option, index) => {
      option.id ||= uid("option");
      option.addEventListener("mousemove", () => this.mark(index));
    });
    this.mark(Math.max(active, 0));
  }

  mark(next) {
    if (!this.options.length) return;
    this.active = (next + this.options.length) % this.options.length;
    this.options.forEach((option, index) => option.classList.toggle("active", index === this.active));
    this.options[this.active].scrollIntoView({ block: "nearest" });
    for (const field of this.fields) field.setAttribute("aria-activedescendant", this.options[this.active].id);
  }

  /** Walk or choose by a key; false if the key is none of theirs. */
  key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 0 }[event.key];
    if (step === undefined || !this.options.length) return false;
    event.preventDefault();
    event.stopPropagation();
    if (step) this.mark(this.active + step);
    else this.options[this.active].click();
    return true;
  }
}
