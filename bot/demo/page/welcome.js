// For a first visit: what this is, and three examples to click.

import { sendText } from "./composer.js";
import { h } from "./dom.js";
import { iconButton } from "./icons.js";
import { appIcon } from "./people.js";
import { go } from "./router.js";
import { appDm, emit, on, store } from "./store.js";

const SEEN = "welcome seen";

/** Ask an example where it belongs: commands and mentions here, plain words in the app's direct message. */
async function ask(channel, text) {
  const here = text.startsWith("/") || text.startsWith("@") || store.channels.get(channel)?.kind === "app_dm";
  const place = here ? channel : appDm()?.id ?? channel;
  if (place !== channel) go(place);
  await sendText(place, text);
}

/** A small card; it is gone for good once dismissed. */
export function welcome(channel) {
  if (localStorage.getItem(SEEN) || !store.suggestions.length) return null;
  const element = h("section", { class: "welcome", "aria-label": "Try it" },
    h("div", { class: "welcome-head" }, appIcon(20), h("b", null, `Try ${store.bot.name}`),
      h("span", { class: "quiet" }, "Click an example, or type / below"),
      iconButton("close", "Dismiss", () => {
        localStorage.setItem(SEEN, "yes");
        emit("welcome");
      }, { size: 16 })),
    h("div", { class: "prompts-row" }, store.suggestions.slice(0, 3).map((text) => h("button", {
      type: "button", class: "prompt", onclick: () => ask(channel, text),
    }, text))));
  const release = on("welcome", () => {
    element.remove();
    release();
  });
  return element;
}
