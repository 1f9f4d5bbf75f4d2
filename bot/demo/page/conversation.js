// The middle: a channel's or direct message's header, messages, status line, suggested prompts and composer.

import { api } from "./api.js";
import { Composer, sendText } from "./composer.js";
import { fill, h } from "./dom.js";
import { AppHome, aboutApp } from "./home.js";
import { icon, iconButton } from "./icons.js";
import { MessageList } from "./list.js";
import { loadList } from "./loading.js";
import { appIcon, userIcon } from "./people.js";
import { address } from "./router.js";
import { sideways } from "./sideways.js";
import { channelName, clearUnread, firstUnread, on, sorted, store, threadKey } from "./store.js";
import { welcome } from "./welcome.js";

const MARKS = { channel: "hash", private: "lock", shared: "shared" };

function heading(channel) {
  const name = channelName(channel);
  if (channel.kind === "app_dm") return [appIcon(24), h("span", null, name), h("span", { class: "badge" }, "APP")];
  if (channel.kind === "im") return [userIcon(channel.with, 24), h("span", null, name)];
  return [icon(MARKS[channel.kind] ?? "hash", 18), h("span", null, name)];
}

function facts(channel) {
  const notes = [];
  if (channel.kind === "shared") notes.push("Shared with another organization");
  if (channel.is_archived) notes.push("Archived");
  if (["channel", "private", "shared"].includes(channel.kind) && channel.bot_is_member === false) {
    notes.push(`${store.bot.name} is not in this channel`);
  }
  return notes;
}

/** What stands at the very beginning of a conversation. */
function beginning(channel) {
  const name = channelName(channel);
  if (channel.kind === "app_dm") {
    return h("div", { class: "beginning" }, appIcon(64), h("h2", null, name, " ", h("span", { class: "badge" }, "APP")),
      h("p", null, "This is the very beginning of your direct message history with ", h("b", null, name), ". Ask in plain words."));
  }
  if (channel.kind === "im") {
    return h("div", { class: "beginning" }, userIcon(channel.with, 64), h("h2", null, name),
      h("p", null, "This conversation is just between ", h("span", { class: "mention" }, `@${name}`), " and you."));
  }
  return h("div", { class: "beginning" }, h("h2", null, icon(MARKS[channel.kind] ?? "hash", 26), name),
    h("p", null, `This is the very beginning of the `, h("b", null, `#${name}`), " channel.", channel.topic ? ` ${channel.topic}` : ""));
}

/** The line under the messages: who is doing what. */
export function statusLine(channel, threadTs) {
  const element = h("div", { class: "status-line", role: "status", "aria-live": "polite" });
  const draw = () => {
    const statuses = store.statuses.get(channel) ?? new Map();
    const text = threadTs ? statuses.get(threadTs) : [...statuses.values()].at(-1);
    fill(element, text ? [h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i")),
      h("b", null, store.bot.name), ` ${text}`] : null);
  };
  draw();
  return { element, release: on("status", draw) };
}

/** Prompts that the app suggests, as buttons in one line. They are for beginning: a question takes them away. */
export function promptBar(channel, threadTs) {
  const element = h("div", { class: "prompts" });
  const draw = () => {
    const offer = store.prompts.get(threadKey(channel, threadTs ?? "")) ?? (threadTs ? null : store.prompts.get(channel));
    fill(element, offer?.prompts?.length ? [
      offer.title ? h("div", { class: "prompts-title" }, offer.title) : null,
      sideways(h("div", { class: "prompts-row" }, offer.prompts.map((prompt) => h("button", {
        type: "button", class: "prompt", onclick: () => sendText(channel, prompt.message, offer.thread_ts ?? threadTs),
      }, prompt.title))), "fades")] : null);
  };
  draw();
  const releases = [on("prompts", draw), on("asked", (where) => {
    if (where.channel === channel) fill(element);
  })];
  return { element, release: () => releases.forEach((release) => release()) };
}

function tabs(channel, current) {
  const names = [["home", "Home"], ["messages", "Messages"], ["about", "About"]];
  return h("nav", { class: "tabs", "aria-label": "Tabs" }, names.map(([tab, label]) => h("a", {
    class: `tab${tab === current ? " selected" : ""}`, href: address(channel.id, { tab }), "aria-current": tab === current ? "page" : null,
  }, label)));
}

export class Conversation {
  constructor(channel) {
    this.channel = channel;
    this.list = new MessageList(channel.id, "list", `Messages in ${channelName(channel)}`);
    this.composer = new Composer(channel.id);
    this.composer.onsend = () => {
      this.list.newFrom = null;
      this.draw();
      this.list.toEnd();
    };
    this.head = h("header", { class: "pane-head" });
    this.body = h("div", { class: "pane-body" });
    this.element = h("main", { class: "pane", "aria-label": channelName(channel) }, this.head, this.body);
    this.status = statusLine(channel.id, null);
    this.prompts = promptBar(channel.id, null);
    fill(this.list.before, beginning(channel));
    this.messages = h("div", { class: "messages" }, this.list.element, h("div", { class: "jump-place" }, this.list.jump),
      welcome(channel), this.prompts.element, this.foot(), this.status.element);
    on(`list:${channel.id}`, () => this.draw());
    on("status", () => this.list.settle());
  }

  foot() {
    if (this.channel.is_archived) return h("p", { class: "read-only" }, "You are viewing an archived channel.");
    if (this.channel.user_is_member === false) return h("p", { class: "read-only" }, "You are not a member of this channel.");
    return this.composer.element;
  }

  draw() {
    this.list.update(sorted(store.lists.get(this.channel.id)));
  }

  /** The title, what should be known about this place, and the app's tabs. */
  drawHead() {
    const isApp = this.channel.kind === "app_dm";
    const notes = facts(this.channel);
    fill(this.head, h("div", { class: "pane-title-row" },
      iconButton("back", "Back to the list of conversations", () => document.getElementById("app").classList.add("at-list"), { class: "back" }),
      h("h2", { class: "pane-title" }, heading(this.channel)),
      this.channel.topic && !isApp ? h("span", { class: "topic" }, this.channel.topic) : null,
      notes.map((note) => h("span", { class: "fact" }, note))),
    isApp ? tabs(this.channel, this.tab) : null);
  }

  /** Come to the front, on a tab; point at a message if asked. */
  async show(tab, at) {
    const isApp = this.channel.kind === "app_dm";
    this.tab = tab;
    this.drawHead();
    if (isApp && tab === "home") {
      this.home ??= new AppHome();
      fill(this.body, this.home.element);
    } else if (isApp && tab === "about") {
      fill(this.body, aboutApp());
    } else if (this.messages.parentNode !== this.body) {
      fill(this.body, this.messages);
      this.list.settle();
    }
    if (tab !== "about") api.opened(this.channel.id, isApp ? tab : undefined).catch(() => {});
    // What waits behind the Home tab is not seen by opening that.
    if (tab === "messages") {
      this.list.newFrom = firstUnread(this.channel.id);
      clearUnread(this.channel.id);
    }
    if (isApp && tab === "home") await this.home.load();
    await loadList(this.channel.id);
    this.draw();
    if (at) this.list.highlight(at);
    else if (tab === "messages") this.list.toNew();
  }

  /** Looked at again after the window was hidden: a line shows what came meanwhile. */
  seen() {
    this.list.newFrom = firstUnread(this.channel.id) ?? this.list.newFrom;
    clearUnread(this.channel.id);
    this.draw();
  }

  /** Put the caret into the composer, where that does not open a keyboard over the page. */
  focus() {
    if (matchMedia("(pointer: fine)").matches && !document.querySelector("dialog[open]")) {
      this.composer.area.focus({ preventScroll: true });
    }
  }
}
