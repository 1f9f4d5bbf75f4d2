// Short notes at the bottom of the page: what failed, what was copied.

import { h } from "./dom.js";
import { icon, iconButton } from "./icons.js";

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
