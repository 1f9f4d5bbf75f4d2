// Where messages and commands are written: hints for commands and names, history.

import { api } from "./api.js";
import { fill, h } from "./dom.js";
import { Hints } from "./hints.js";
import { iconButton } from "./icons.js";
import { escape } from "./mrkdwn.js";
import { toast, toggleMenu } from "./popover.js";
import { shortcutItems } from "./sidebar.js";
import { appDm, channelName, emit, notice, store } from "./store.js";

const HIGHEST = 260;
let last = "";

const SENTENCES = {
  is_archived: "This channel is archived.",
  not_in_channel: "You are not a member of this channel.",
  msg_too_long: "This message is too long.",
  no_text: "There is nothing to send.",
};

/** Send typed text; false (and a note) when refused. */
export async function sendText(channel, text, threadTs = null) {
  const command = text.startsWith("/");
  const body = { channel, text };
  if (threadTs) body.thread_ts = threadTs;
  if (command || channel === appDm()?.id || text.includes(`@${store.bot.name}`)) emit("asked", { channel, threadTs });
  try {
    const answer = await api.send(body);
    if (answer.ok !== false) return true;
    if (answer.shown) notice(channel, threadTs, escape(answer.shown));
    else toast(SENTENCES[answer.error] ?? "The message was not sent. Try again?", "error");
    return command;
  } catch (error) {
    toast(error.message, "error");
    return false;
  }
}

export class Composer {
  /** For a channel or (threadTs) a thread. */
  constructor(channel, threadTs = null) {
    this.channel = channel;
    this.threadTs = threadTs;
    const name = threadTs ? "Reply…" : `Message ${this.target()}`;
    this.area = h("textarea", {
      class: "composer-text", rows: "1", placeholder: name, "aria-label": name, spellcheck: "true",
      oninput: () => this.changed(), onkeydown: (event) => this.key(event), onclick: () => this.hints.update(),
      onscroll: () => {
        this.mirror.scrollTop = this.area.scrollTop;
      },
    });
    this.mirror = h("div", { class: "composer-mirror", "aria-hidden": "true" });
    this.send = iconButton("send", "Send now", () => this.submit(), { class: "send", size: 16 });
    this.element = h("form", { class: "composer", onsubmit: (event) => event.preventDefault() },
      h("div", { class: "composer-field" }, this.mirror, this.area), this.toolBar());
    this.hints = new Hints(this);
    this.changed();
  }

  target() {
    const channel = store.channels.get(this.channel);
    const mark = ["channel", "private", "shared"].includes(channel?.kind) ? "#" : "";
    return mark + channelName(channel);
  }

  toolBar() {
    const plus = iconButton("plus", "Shortcuts", () => toggleMenu(plus, ["Shortcuts", ...shortcutItems()], { side: "top" }), { class: "round", size: 18 });
    plus.hidden = !shortcutItems().length;
    return h("div", { class: "composer-tools" }, plus,
      iconButton("at", "Mention someone", () => this.insert("@"), { size: 18 }),
      this.threadTs ? null : iconButton("slash", "Run a command", () => {
        if (!this.area.value) this.insert("/");
        else this.area.focus();
      }, { size: 18 }),
      h("span", { class: "composer-hint" }, h("b", null, "Shift + Return"), " to add a new line"), this.send);
  }

  get value() {
    return this.area.value;
  }

  set(text) {
    this.area.value = text;
    this.area.setSelectionRange(text.length, text.length);
    this.changed();
  }

  /** Replace the selection (or a range) and go on typing there. */
  insert(text, from = this.area.selectionStart, to = this.area.selectionEnd) {
    this.area.focus();
    this.area.setRangeText(text, from, to, "end");
    this.changed();
  }

  changed() {
    const { area } = this;
    this.paint();
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, HIGHEST)}px`;
    this.mirror.scrollTop = area.scrollTop;
    const empty = !area.value.trim();
    this.send.disabled = empty;
    this.send.classList.toggle("ready", !empty);
    this.element.classList.toggle("typed", !empty);
    this.hints?.update();
  }

  /** A command shows what it takes. */
  paint() {
    const { value } = this.area;
    const command = store.commands.find((each) => value.trimEnd() === each.command && value.endsWith(" "));
    fill(this.mirror, value, command?.usage_hint ? h("span", { class: "usage" }, command.usage_hint) : null, "\u200b");
  }

  key(event) {
    if (event.isComposing) return;
    if (this.hints.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "ArrowUp" && !this.area.value && last) {
      event.preventDefault();
      this.set(last);
      this.hints.close();
    }
  }

  async submit() {
    const text = this.area.value.trim();
    if (!text) return;
    this.hints.close();
    this.set("");
    last = text;
    this.onsend?.(text);
    if (!(await sendText(this.channel, text, this.threadTs)) && !this.area.value) this.set(text);
  }
}
