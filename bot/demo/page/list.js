// A list of messages with day dividers, kept in step with the store without redrawing what stayed.

import { fill, h, plural } from "./dom.js";
import { icon } from "./icons.js";
import { MessageView } from "./message.js";
import { dayKey, dayName } from "./time.js";

const GROUP_SECONDS = 300;
const NEAR_END = 120;
const HIGHLIGHT_MS = 3200;

function follows(before, message) {
  if (!before || before.is_ephemeral || message.is_ephemeral || before.subtype || message.subtype) return false;
  const same = (before.bot_id ?? before.user) === (message.bot_id ?? message.user) && before.username === message.username;
  return same && Number(message.ts) - Number(before.ts) < GROUP_SECONDS && !before.reply_count;
}

export class MessageList {
  /** `place` is "list" or "thread"; `label` names the log for screen readers. */
  constructor(channel, place, label) {
    this.channel = channel;
    this.place = place;
    this.views = new Map();
    this.rows = new Map();
    this.rowsBox = h("div", { class: "rows", role: "log", "aria-live": "polite", "aria-relevant": "additions", "aria-label": label });
    this.before = h("div", { class: "before-rows" });
    this.after = h("div", { class: "after-rows" });
    this.element = h("div", { class: "message-scroll", tabindex: "0", role: "region", "aria-label": label },
      this.before, this.rowsBox, this.after);
    this.jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd(true) },
      icon("down", 16), "New messages");
    this.stuck = true;
    // Begun at the top, it stays there however much arrives, until somebody scrolls.
    this.held = false;
    this.top = 0;
    this.element.addEventListener("scroll", () => {
      this.held = this.held && this.element.scrollTop === 0;
      this.look();
    });
    this.watch = new ResizeObserver(() => this.settle());
    this.watch.observe(this.element);
    this.watch.observe(this.rowsBox);
  }

  atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  /** See where the reader is. Its event comes late, so whoever is about to scroll looks first. */
  look() {
    // Only going up lets go of the end: content that grows moves it away without anyone scrolling.
    const up = this.element.scrollTop < this.top;
    this.top = this.element.scrollTop;
    if (up || this.atEnd()) this.stuck = this.atEnd() && !this.held;
    if (this.stuck) this.jump.hidden = true;
  }

  /** Stay at the end when it was there. */
  settle() {
    this.look();
    if (this.stuck) this.toEnd();
  }

  toEnd(smooth = false) {
    this.stuck = true;
    this.jump.hidden = true;
    this.element.scrollTo({ top: this.element.scrollHeight, behavior: smooth ? "smooth" : "instant" });
    this.top = this.element.scrollTop;
  }

  row(key, make) {
    if (!this.rows.has(key)) this.rows.set(key, make());
    return this.rows.get(key);
  }

  /** Show these messages, oldest first. */
  update(messages) {
    this.look();
    const wanted = [];
    let before = null;
    const last = this.last;
    messages.forEach((message, index) => {
      const day = dayKey(message.ts);
      if (this.place === "list" && (!before || dayKey(before.ts) !== day)) wanted.push(this.divider(day, message.ts));
      wanted.push(this.message(message, before && dayKey(before.ts) === day ? before : null));
      if (this.place === "thread" && index === 0) wanted.push(this.replies(messages.length - 1));
      before = message;
    });
    this.last = before?.ts;
    this.arrange(wanted);
    if (this.stuck) this.toEnd();
    else if (last && before && Number(before.ts) > Number(last)) this.jump.hidden = false;
  }

  divider(day, ts) {
    const node = this.row(`day ${day}`, () => h("div", { class: "day-divider", role: "separator" }, h("span", null)));
    const name = dayName(ts);
    if (node.firstChild.textContent !== name) fill(node.firstChild, name);
    return [`day ${day}`, node];
  }

  replies(count) {
    const node = this.row("replies", () => h("div", { class: "reply-divider", role: "separator" }, h("span", null)));
    const text = plural(count, "reply", "replies");
    node.hidden = count === 0;
    if (node.firstChild.textContent !== text) fill(node.firstChild, text);
    return ["replies", node];
  }

  message(message, before) {
    const key = message.ts;
    if (!this.views.has(key)) this.views.set(key, new MessageView(this.channel, message, this.place));
    const view = this.views.get(key);
    view.update(message, follows(before, message));
    return [key, view.element];
  }

  arrange(wanted) {
    const keys = new Set(wanted.map(([key]) => key));
    const nodes = new Set(wanted.map(([, node]) => node));
    for (const key of this.views.keys()) {
      if (!keys.has(key)) this.views.delete(key);
    }
    for (const child of [...this.rowsBox.children]) {
      if (!nodes.has(child)) child.remove();
    }
    wanted.forEach(([, node], index) => {
      if (this.rowsBox.children[index] !== node) this.rowsBox.insertBefore(node, this.rowsBox.children[index] ?? null);
    });
  }

  /** Bring a message into view and mark it for a moment. False if it is not here. */
  highlight(ts) {
    const node = this.views.get(ts)?.element;
    if (!node) return false;
    this.stuck = false;
    node.scrollIntoView({ block: "center" });
    this.top = this.element.scrollTop;
    node.classList.remove("highlighted");
    node.getBoundingClientRect();
    node.classList.add("highlighted");
    clearTimeout(this.unmark);
    this.unmark = setTimeout(() => node.classList.remove("highlighted"), HIGHLIGHT_MS);
    node.focus({ preventScroll: true });
    return true;
  }

  destroy() {
    this.watch.disconnect();
  }
}
