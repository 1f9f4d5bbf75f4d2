// The list over the composer: commands after "/", names after "@", channels after "#", emoji after ":".

import { fill, h, uid } from "./dom.js";
import { findEmoji } from "./emoji.js";
import { appIcon, icon, userIcon } from "./icons.js";
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
  const found = /(?:^|[\s(])([@#:])([\p{L}\p{N}_+.-]*)$/u.exec(before);
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
  if (part.length < 2) return [];
  return findEmoji(part, MOST).map((each) => ({
    picture: h("span", { class: "emoji" }, each.character), name: [`:${each.name}:`], replace: `:${each.name}: `, from,
  }));
}

export class Hints {
  constructor(composer) {
    this.composer = composer;
    this.items = [];
    this.active = 0;
    this.dismissed = null;
    const id = uid("hints");
    this.box = h("div", { class: "hints", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
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
    this.active = 0;
    if (this.items.length) this.draw();
    else this.close();
  }

  draw() {
    this.box.hidden = false;
    fill(this.box, this.items[0].heading ? h("div", { class: "hints-heading" }, "Commands") : null,
      this.items.map((item, index) => {
        item.id ??= uid("hint");
        return h("div", {
          class: `hint-row ${item.className ?? ""}${index === this.active ? " active" : ""}`, role: "option", id: item.id,
          "aria-selected": String(index === this.active), onmousemove: () => this.mark(index),
          onpointerdown: (event) => {
            event.preventDefault();
            this.take(item);
          },
        }, item.picture, h("span", { class: "hint-words" }, h("span", { class: "hint-name" }, item.name),
          item.detail ? h("span", { class: "hint-detail" }, item.detail) : null),
        item.heading ? h("span", { class: "hint-app" }, item.heading) : null);
      }),
      h("div", { class: "hints-foot" }, h("kbd", null, "↑"), h("kbd", null, "↓"), " to navigate  ", h("kbd", null, "↵"),
        " to select  ", h("kbd", null, "esc"), " to dismiss"));
    this.composer.area.setAttribute("aria-activedescendant", this.items[this.active].id);
  }

  mark(index) {
    this.active = (index + this.items.length) % this.items.length;
    [...this.box.querySelectorAll(".hint-row")].forEach((row, at) => {
      row.classList.toggle("active", at === this.active);
      row.setAttribute("aria-selected", String(at === this.active));
    });
    this.composer.area.setAttribute("aria-activedescendant", this.items[this.active].id);
  }

  take(item) {
    const { area } = this.composer;
    this.close();
    this.composer.insert(item.replace, item.from, area.selectionStart);
  }

  /** True when the key was for the list. */
  key(event) {
    if (this.box.hidden || !this.items.length) return false;
    if (event.key === "ArrowDown") this.mark(this.active + 1);
    else if (event.key === "ArrowUp") this.mark(this.active - 1);
    else if (event.key === "Escape") {
      this.dismissed = this.composer.value;
      this.close();
    } else if (event.key === "Tab" || (event.key === "Enter" && !event.shiftKey)) {
      // What is typed to its end already is sent by Enter.
      const { replace, from } = this.items[this.active];
      const typed = this.composer.value.slice(from, this.composer.area.selectionStart);
      if (event.key === "Enter" && replace.trimEnd().toLowerCase() === typed.toLowerCase()) return false;
      this.take(this.items[this.active]);
    } else return false;
    event.preventDefault();
    return true;
  }
}
