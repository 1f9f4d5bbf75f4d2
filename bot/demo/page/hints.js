// The list over the composer: commands after "/", names after "@", channels after "#".

import { h, uid } from "./dom.js";
import { appIcon, icon, userIcon } from "./icons.js";
import { Rows } from "./rows.js";
import { store } from "./store.js";

const MOST = 8;

function commandHints(composer) {
  const { value } = composer;
  if (composer.threadTs || !/^\/[\w-]*$/.test(value)) return [];
  return store.commands.filter((each) => each.command.startsWith(value.toLowerCase())).map((each) => ({
    heading: store.bot.name, picture: appIcon(36), className: "command",
    name: [h("b", null, each.command), " ", h("span", { class: "hint-usage" }, each.usage_hint ?? "")],
    detail: each.description, replace: `${each.command} `, from: 0,
  }));
}

function people(part) {
  const bot = { id: store.bot.user_id, name: store.bot.name, real_name: store.bot.name, is_app: true };
  const others = [...store.users.values()].filter((user) => user.id !== bot.id && !user.is_bot);
  return [bot, ...others].filter((user) => `${user.real_name ?? ""} ${user.name}`.toLowerCase().split(/\s+/)
    .some((word) => word.startsWith(part)) || `${user.real_name}`.toLowerCase().startsWith(part));
}

function wordHints(composer) {
  const { area } = composer;
  if (area.selectionStart !== area.selectionEnd) return [];
  const before = area.value.slice(0, area.selectionStart);
  const found = /(?:^|[\s(])([@#])([\p{L}\p{N}_+.-]*)$/u.exec(before);
  if (!found) return [];
  const [, mark, typed] = found;
  const part = typed.toLowerCase();
  const from = area.selectionStart - typed.length - 1;
  if (mark === "@") {
    const direct = ["im", "app_dm"].includes(store.channels.get(composer.channel)?.kind);
    return people(part).slice(0, MOST).map((user) => ({
      picture: userIcon(user.id, 24), name: [h("b", null, user.real_name || user.name), user.is_app ? h("span", { class: "badge" }, "APP") : null,
        h("span", { class: "hint-detail" }, user.real_name !== user.name ? user.name : ""),
        user.is_app && store.channels.get(composer.channel)?.bot_is_member === false && !direct ? h("span", { class: "hint-detail" }, "Not in channel") : null],
      replace: `@${user.real_name || user.name} `, from,
    }));
  }
  if (mark === "#") {
    return [...store.channels.values()].filter((each) => ["channel", "shared"].includes(each.kind) && each.name.startsWith(part))
      .slice(0, MOST).map((each) => ({ picture: icon("hash", 18), name: [each.name], replace: `#${each.name} `, from }));
  }
  return [];
}

export class Hints {
  constructor(composer) {
    this.composer = composer;
    this.items = [];
    this.dismissed = null;
    const id = uid("hints");
    this.box = h("div", { class: "hints", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
    this.rows = new Rows(this.box, composer.area);
    composer.area.setAttribute("aria-controls", id);
    composer.area.setAttribute("aria-autocomplete", "list");
    composer.area.addEventListener("blur", () => this.close());
    composer.element.prepend(this.box);
  }

  close() {
    this.items = [];
    this.box.hidden = true;
    this.composer.area.removeAttribute("aria-activedescendant");
  }

  update() {
    const { composer } = this;
    if (document.activeElement !== composer.area || this.dismissed === composer.value) {
      this.close();
      return;
    }
    this.dismissed = null;
    const commands = commandHints(composer);
    this.items = commands.length ? commands : wordHints(composer);
    if (this.items.length) this.draw();
    else this.close();
  }

  draw() {
    this.box.hidden = false;
    this.rows.show([this.items[0].heading ? h("div", { class: "hints-heading" }, "Commands") : null,
      this.items.map((item) => h("div", {
        class: `hint-row ${item.className ?? ""}`, role: "option", onclick: () => this.take(item),
        // The caret stays where it is.
        onpointerdown: (event) => event.preventDefault(),
      }, item.picture, h("span", { class: "hint-words" }, h("span", { class: "hint-name" }, item.name),
        item.detail ? h("span", { class: "hint-detail" }, item.detail) : null),
      item.heading ? h("span", { class: "hint-app" }, item.heading) : null)),
      h("div", { class: "hints-foot" }, h("kbd", null, "↑"), h("kbd", null, "↓"), " to navigate  ", h("kbd", null, "↵"),
        " to select  ", h("kbd", null, "esc"), " to dismiss")]);
  }

  take(item) {
    const { area } = this.composer;
    this.close();
    this.composer.insert(item.replace, item.from, area.selectionStart);
  }

  /** True when the key was for the list. */
  key(event) {
    if (this.box.hidden || !this.items.length) return false;
    const item = this.items[this.rows.active];
    const typed = this.composer.value.slice(item.from, this.composer.area.selectionStart);
    if (event.key === "Escape") {
      this.dismissed = this.composer.value;
      this.close();
    } else if (event.key === "Tab") this.take(item);
    // What is typed to its end already is sent by Enter.
    else if (event.key === "Enter" && (event.shiftKey || item.replace.trimEnd().toLowerCase() === typed.toLowerCase())) return false;
    else return this.rows.key(event);
    event.preventDefault();
    return true;
  }
}
