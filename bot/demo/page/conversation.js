// The panes: a channel or direct message (header, messages, prompts, composer), a thread, and loading them.

import { api } from "./api.js";
import { Composer, sendText } from "./composer.js";
import { fill, h, sideways } from "./dom.js";
import { AppHome, welcome } from "./home.js";
import { appIcon, icon, iconButton, userIcon } from "./icons.js";
import { MessageList } from "./list.js";
import { toast } from "./popover.js";
import { address, closeThread } from "./router.js";
import { channelName, clearUnread, mark, on, setList, setThread, sorted, store, threadKey } from "./store.js";

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
function statusLine(channel, threadTs) {
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
function promptBar(channel, threadTs) {
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
  const names = [["home", "Home"], ["messages", "Messages"]];
  return h("nav", { class: "tabs", "aria-label": "Tabs" }, names.map(([tab, label]) => h("a", {
    class: `tab${tab === current ? " selected" : ""}`, href: address(channel.id, { tab }), "aria-current": tab === current ? "page" : null,
  }, label)));
}

export class Conversation {
  constructor(channel) {
    this.channel = channel;
    this.list = new MessageList(channel.id, "list", `Messages in ${channelName(channel)}`);
    this.composer = new Composer(channel.id);
    this.composer.onsend = () => this.list.toEnd();
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
    } else if (this.messages.parentNode !== this.body) {
      fill(this.body, this.messages);
      this.list.settle();
    }
    api.opened(this.channel.id, isApp ? tab : undefined).catch(() => {});
    // What waits behind the Home tab is not seen by opening that.
    if (tab === "messages") clearUnread(this.channel.id);
    if (isApp && tab === "home") await this.home.load();
    await loadList(this.channel.id);
    this.draw();
    if (at) this.list.highlight(at);
    else if (tab === "messages") this.list.toEnd();
  }

  /** Put the caret into the composer, where that does not open a keyboard over the page. */
  focus() {
    if (matchMedia("(pointer: fine)").matches && !document.querySelector("dialog[open]")) {
      this.composer.area.focus({ preventScroll: true });
    }
  }
}

export class ThreadPanel {
  constructor(channel, ts) {
    this.channel = channel;
    this.ts = ts;
    const known = store.channels.get(channel);
    this.list = new MessageList(channel, "thread", "Thread");
    this.composer = new Composer(channel, ts);
    this.composer.onsend = () => this.list.toEnd();
    this.status = statusLine(channel, ts);
    this.prompts = promptBar(channel, ts);
    const mark = ["channel", "private", "shared"].includes(known?.kind) ? "#" : "";
    this.element = h("aside", { class: "thread", "aria-label": "Thread" },
      h("header", { class: "pane-head thread-head" }, h("h2", { class: "pane-title" }, "Thread"),
        h("span", { class: "topic" }, `${mark}${channelName(known)}`),
        iconButton("close", "Close thread", closeThread, { class: "thread-close" })),
      h("div", { class: "messages" }, this.list.element, h("div", { class: "jump-place" }, this.list.jump),
        this.prompts.element, this.composer.element, this.status.element));
    this.list.stuck = false;
    this.releases = [on(`thread:${threadKey(channel, ts)}`, () => this.draw()), this.status.release, this.prompts.release,
      on("status", () => this.list.settle())];
  }

  draw() {
    this.list.update(sorted(store.threads.get(threadKey(this.channel, this.ts))));
  }

  /** Load and draw; point at a reply if asked, or begin with the first message if that is asked. */
  async show(at) {
    this.list.held = at === this.ts;
    await loadThread(this.channel, this.ts);
    this.list.stuck = !this.list.held;
    this.draw();
    if (at && at !== this.ts) this.list.highlight(at);
  }

  /** Put the caret into the reply, where that opens no keyboard over the page. */
  focus() {
    if (matchMedia("(pointer: fine)").matches) this.composer.area.focus({ preventScroll: true });
  }

  destroy() {
    for (const release of this.releases) release();
    this.list.destroy();
  }
}

/** Load a channel's messages unless they are here. */
export async function loadList(channel, again = false) {
  if (store.lists.get(channel)?.loaded && !again) return;
  const since = mark();
  try {
    const { messages } = await api.messages(channel);
    setList(channel, messages ?? [], since);
    store.lists.get(channel).loaded = true;
  } catch (error) {
    toast(error.message, "error");
  }
}

/** Load a thread. */
async function loadThread(channel, ts, again = false) {
  const key = threadKey(channel, ts);
  if (store.threads.get(key)?.loaded && !again) return;
  if (!store.threads.has(key)) store.threads.set(key, new Map());
  const since = mark();
  try {
    const { messages } = await api.replies(channel, ts);
    setThread(channel, ts, messages ?? [], since);
    store.threads.get(key).loaded = true;
  } catch (error) {
    toast(error.message, "error");
  }
}

/** Everything shown so far once more: something may have been missed. */
export async function loadAgain() {
  const lists = [...store.lists].filter(([, list]) => list.loaded).map(([channel]) => loadList(channel, true));
  const threads = [...store.threads].filter(([, thread]) => thread.loaded).map(([key]) => {
    const at = key.indexOf(":");
    return loadThread(key.slice(0, at), key.slice(at + 1), true);
  });
  await Promise.all([...lists, ...threads]);
}
