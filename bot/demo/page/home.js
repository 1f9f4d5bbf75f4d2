// The app's Home and About tabs.

import { api } from "./api.js";
import { BlockList } from "./blocks.js";
import { fill, h } from "./dom.js";
import { appIcon } from "./people.js";
import { on, store } from "./store.js";
import { Surface } from "./surface.js";
import { toast } from "./toast.js";

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

/** What the app is and which commands it has. */
export function aboutApp() {
  return h("section", { class: "home about", "aria-label": "About" }, h("div", { class: "about-head" }, appIcon(72),
    h("div", null, h("h3", null, store.bot.name), h("p", { class: "quiet" }, store.bot.description ?? "An app in this workspace."))),
  h("h4", null, "Commands"),
  store.commands.map((each) => h("div", { class: "about-row" }, h("b", null, `${each.command} `),
    h("span", { class: "quiet" }, each.usage_hint ?? ""), h("div", null, each.description ?? ""))),
  store.shortcuts.length ? h("h4", null, "Shortcuts") : null,
  store.shortcuts.map((each) => h("div", { class: "about-row" }, h("b", null, each.name), h("div", null, each.description ?? ""))),
  store.bot.app_id ? h("p", { class: "quiet" }, `App ID ${store.bot.app_id}`) : null);
}
