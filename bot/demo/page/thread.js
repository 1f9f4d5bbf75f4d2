// The side panel with one thread.

import { Composer } from "./composer.js";
import { promptBar, statusLine } from "./conversation.js";
import { h } from "./dom.js";
import { iconButton } from "./icons.js";
import { MessageList } from "./list.js";
import { loadThread } from "./loading.js";
import { closeThread } from "./router.js";
import { channelName, on, sorted, store, threadKey } from "./store.js";

const STEP = 40;

/** The edge between list and thread, moved by pointer or arrow keys; the width is remembered. */
function edge(panel) {
  const apply = (width) => {
    document.documentElement.style.setProperty("--thread", `${Math.round(width)}px`);
    localStorage.setItem("thread width", String(Math.round(width)));
  };
  const width = () => panel().getBoundingClientRect().width;
  const kept = Number(localStorage.getItem("thread width"));
  if (kept > 0) apply(kept);
  return h("div", { class: "thread-edge", role: "separator", "aria-orientation": "vertical", "aria-label": "Width of the thread",
    tabindex: "0", onkeydown: (event) => {
      if (event.key === "ArrowLeft") apply(width() + STEP);
      if (event.key === "ArrowRight") apply(width() - STEP);
    }, onpointerdown: (event) => {
      event.target.setPointerCapture(event.pointerId);
    }, onpointermove: (event) => {
      if (event.target.hasPointerCapture(event.pointerId)) apply(panel().getBoundingClientRect().right - event.clientX);
    } });
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
    this.element = h("aside", { class: "thread", "aria-label": "Thread" }, edge(() => this.element),
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

  /** Load and draw; point at a reply if asked. */
  async show(at) {
    await loadThread(this.channel, this.ts);
    this.list.stuck = true;
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
