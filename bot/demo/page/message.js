// One message: built once, then updated in place.

import { api, Surface, TROUBLE } from "./api.js";
import { BlockList } from "./blocks.js";
import { fill, h, plural } from "./dom.js";
import { buildFile } from "./files.js";
import { author, authorIcon, icon, iconButton, userIcon } from "./icons.js";
import { mrkdwn, words } from "./mrkdwn.js";
import { copyText, toast, toggleMenu } from "./popover.js";
import { openThread, permalink } from "./router.js";
import { store, threadKey } from "./store.js";
import { ago, clock, fullTime, shortClock } from "./time.js";

/** A message in a list ("list") or in the side panel ("thread"). */
export class MessageView {
  constructor(channel, message, place) {
    this.channel = channel;
    this.place = place;
    this.surface = new Surface("message", {
      channel, message_ts: message.ts, ephemeral: Boolean(message.is_ephemeral),
    });
    this.surface.onfail = () => this.element.classList.add("act-failed");
    this.blocks = new BlockList(this.surface);
    this.files = new Map();
    this.gutter = h("div", { class: "gutter" });
    this.head = h("div", { class: "message-head" });
    this.visible = h("div", { class: "only-you" }, icon("eye", 14), "Only visible to you");
    this.text = h("div", { class: "message-text" });
    this.fileList = h("div", { class: "file-list" });
    this.foot = h("div", { class: "message-foot" });
    this.element = h("article", { class: "message", "data-ts": message.ts, tabindex: "-1" },
      this.visible, this.gutter,
      h("div", { class: "message-body" }, this.head, this.text, this.blocks.element, this.fileList, this.foot),
      h("div", { class: "tools-track" }, this.tools(message)));
  }

  /** Draw the message; `compact` leaves out picture and name, as a follow-up of the same author. */
  update(message, compact) {
    this.message = message;
    const mark = JSON.stringify([message, compact]);
    if (mark === this.mark) {
      this.drawFoot();
      return;
    }
    this.mark = mark;
    const who = author(message);
    this.element.classList.toggle("compact", compact);
    this.element.classList.toggle("ephemeral", Boolean(message.is_ephemeral));
    this.element.classList.toggle("system", Boolean(message.subtype && /^tombstone$|_(join|leave|topic|purpose)$/.test(message.subtype)));
    this.element.setAttribute("aria-label", `${who.name}, ${clock(message.ts)}`);
    this.visible.hidden = !message.is_ephemeral;
    this.drawHead(message, who, compact);
    this.drawContent(message);
    this.drawFiles(message.files ?? []);
    this.drawFoot();
  }

  drawHead(message, who, compact) {
    const time = h("a", {
      class: "time", href: permalink(this.channel, message), title: fullTime(message.ts),
    }, compact ? shortClock(message.ts) : clock(message.ts));
    if (compact) {
      fill(this.gutter, time);
      fill(this.head);
      return;
    }
    fill(this.gutter, authorIcon(who, 36));
    fill(this.head, h("span", { class: "author" }, who.name), who.app ? h("span", { class: "badge" }, "APP") : null, time);
  }

  drawContent(message) {
    const blocks = message.blocks ?? [];
    const edited = message.edited && !blocks.length && !message.bot_id ? h("span", { class: "edited" }, " (edited)") : null;
    // Text beside blocks is for notifications and screen readers only.
    this.text.hidden = blocks.length > 0 || !message.text;
    const nodes = this.text.hidden ? [] : mrkdwn(message.text);
    fill(this.text, nodes, edited);
    this.blocks.update(blocks);
    this.element.classList.remove("act-failed");
  }

  drawFiles(files) {
    const wanted = new Set(files.map((file) => file.id));
    for (const [id, node] of this.files) {
      if (!wanted.has(id)) {
        node.remove();
        this.files.delete(id);
      }
    }
    for (const file of files) {
      if (this.files.has(file.id)) continue;
      const node = buildFile(file);
      this.files.set(file.id, node);
      this.fileList.append(node);
    }
  }

  drawFoot() {
    const { message } = this;
    const shown = this.place === "list" && message.reply_count > 0;
    const last = shown && message.latest_reply ? `Last reply ${ago(message.latest_reply)}` : "";
    const fresh = store.freshThreads.has(threadKey(this.channel, message.ts));
    const mark = JSON.stringify([shown, message.reply_count, message.reply_users, last, fresh]);
    if (mark === this.footMark) return;
    this.footMark = mark;
    if (!shown) {
      fill(this.foot);
      return;
    }
    const pictures = (message.reply_users ?? []).slice(0, 3).map((id) => userIcon(id, 24));
    fill(this.foot, h("button", { type: "button", class: `reply-bar${fresh ? " fresh" : ""}`, onclick: () => openThread(this.channel, message.ts) },
      h("span", { class: "reply-people" }, pictures),
      fresh ? h("span", { class: "reply-fresh", role: "img", "aria-label": "New replies" }) : null,
      h("span", { class: "reply-count" }, plural(message.reply_count, "reply", "replies")),
      h("span", { class: "reply-last" }, last),
      h("span", { class: "reply-view" }, "View thread"), icon("right", 16)));
  }

  tools(message) {
    const reply = this.place === "list" && !message.is_ephemeral
      ? iconButton("reply", "Reply in thread", () => openThread(this.channel, this.message.ts), { size: 18 }) : null;
    const copyLink = message.is_ephemeral ? null
      : iconButton("link", "Copy link", () => this.copyLink(), { size: 18 });
    const more = iconButton("more", "More actions", () => this.more(more), {
      "aria-haspopup": "menu", "aria-expanded": "false", size: 18,
    });
    return h("div", { class: "message-tools", role: "toolbar", "aria-label": "Message actions" }, reply, copyLink, more);
  }

  copyLink() {
    copyText(location.origin + permalink(this.channel, this.message), "Link copied");
  }

  plainText() {
    const node = this.blocks.drawn.length ? this.blocks.element : this.text;
    return node.innerText;
  }

  more(button) {
    const { message } = this;
    const shortcuts = message.is_ephemeral ? [] : store.shortcuts.filter((shortcut) => shortcut.type === "message");
    const run = (shortcut) => api.shortcut({ callback_id: shortcut.callback_id, channel: this.channel, message_ts: message.ts })
      .then((answer) => {
        if (answer.ok === false) toast(answer.shown ?? TROUBLE, "error");
      }, (error) => toast(error.message, "error"));
    toggleMenu(button, [
      ...(message.is_ephemeral ? [] : [
        { label: "Reply in thread", icon: icon("reply", 18), run: () => openThread(this.channel, message.thread_ts ?? message.ts) }]),
      { label: "Copy text", icon: icon("copy", 18), run: () => copyText(this.plainText(), "Text copied") },
      ...(shortcuts.length ? [null, "Message shortcuts"] : []),
      ...shortcuts.map((shortcut) => ({
        label: words({ text: shortcut.name }), detail: store.bot.name, icon: icon("bolt", 18), run: () => run(shortcut),
      })),
    ], { side: "end" });
  }
}
