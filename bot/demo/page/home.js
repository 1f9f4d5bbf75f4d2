// The app's Home tab, and what a first visit sees.

import { api, Surface } from "./api.js";
import { BlockList } from "./blocks.js";
import { sendText } from "./composer.js";
import { fill, h, sideways } from "./dom.js";
import { appIcon, iconButton } from "./icons.js";
import { toast } from "./popover.js";
import { go } from "./router.js";
import { appDm, emit, on, store } from "./store.js";

export class AppHome {
  constructor() {
    this.box = h("div", { class: "home-blocks" });
    this.element = h("section", { class: "home", "aria-label": "Home" }, this.box);
    on("home", () => this.draw());
  }

  async load() {
    try {
      const { view } = await api.home();
      store.home = view ?? store.home;
    } catch (error) {
      toast(error.message, "error");
    }
    this.draw();
  }

  draw() {
    const view = store.home;
    if (!view) {
      fill(this.box, h("div", { class: "home-empty" }, appIcon(64), h("h3", null, "This is a work in progress"),
        h("p", { class: "quiet" }, `${store.bot.name} has not filled its Home tab yet.`)));
      return;
    }
    if (this.viewId !== view.id) {
      this.viewId = view.id;
      this.blocks = new BlockList(new Surface("home", { view_id: view.id }));
      fill(this.box, this.blocks.element);
    }
    this.blocks.update(view.blocks);
  }
}

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
