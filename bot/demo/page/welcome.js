// For a first visit: what this is, and three examples to click. It leaves by itself after the first question.

import { sendText } from "./composer.js";
import { h } from "./dom.js";
import { iconButton } from "./icons.js";
import { appIcon } from "./people.js";
import { go } from "./router.js";
import { sideways } from "./sideways.js";
import { appDm, emit, on, store } from "./store.js";

const DISMISSED = "welcome seen";
const ASKED = "welcome asked";

/** Ask an example where it belongs: commands and mentions here, plain words in the app's direct message. */
async function ask(channel, text) {
  const here = text.startsWith("/") || text.startsWith("@");
  const place = here ? channel : appDm()?.id ?? channel;
  if (place !== channel) go(place);
  await sendText(place, text);
}

/** A small card for channels: in the app's direct message its own prompts stand in this place. Dismissed, it is gone
 *  for good; after a question only for this visit, since the next demo may be watched by someone else. */
export function welcome(channel) {
  const gone = localStorage.getItem(DISMISSED) || sessionStorage.getItem(ASKED);
  if (gone || !store.suggestions.length || !["channel", "private", "shared"].includes(channel.kind) || channel.is_archived) return null;
  const element = h("section", { class: "welcome", "aria-label": "Try it" },
    h("div", { class: "welcome-head" }, appIcon(20), h("b", null, `Try ${store.bot.name}`),
      h("span", { class: "quiet" }, "Click an example, or type / below"),
      iconButton("close", "Dismiss", () => {
        localStorage.setItem(DISMISSED, "yes");
        emit("welcome");
      }, { size: 16 })),
    sideways(h("div", { class: "prompts-row" }, store.suggestions.slice(0, 3).map((text) => h("button", {
      type: "button", class: "prompt", onclick: () => ask(channel.id, text),
    }, text))), "fades"));
  const releases = [on("welcome", leave), on("asked", () => {
    sessionStorage.setItem(ASKED, "yes");
    leave();
  })];
  function leave() {
    element.remove();
    for (const release of releases) release();
  }
  return element;
}
