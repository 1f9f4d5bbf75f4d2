// Small dialogs of the page's own: confirmation of a click, a wide view of something.

import { h } from "./dom.js";
import { icon, iconButton } from "./icons.js";
import { inlineText, textNodes, words } from "./mrkdwn.js";

/** Show a <dialog>; it is removed when closed. Resolves with its return value. */
export function showDialog(dialog) {
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
