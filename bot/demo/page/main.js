// Puts the page together and turns live events into changes of the store.

import { api, live } from "./api.js";
import { Conversation, loadAgain, loadList, ThreadPanel } from "./conversation.js";
import { fill, h } from "./dom.js";
import { viewEvent } from "./modal.js";
import { toast } from "./popover.js";
import { openThread, startRouter } from "./router.js";
import { applyTheme, buildSidebar, buildTop } from "./sidebar.js";
import { addUnread, appDm, clearUnread, dropMessage, emit, fillStore, isReply, markThread, on, putMessage, sorted, store, threadKey } from "./store.js";

const app = document.getElementById("app");
const work = h("div", { class: "work" });
const conversations = new Map();
let panel = null;

function showThread(channel, ts, at) {
  const same = panel && panel.channel === channel && panel.ts === ts;
  // Who reads by keyboard goes on where the thread opens, and back when it closes; who is writing is left alone.
  const writing = document.activeElement?.matches("textarea, input") && !panel?.element.contains(document.activeElement);
  const inside = Boolean(panel?.element.contains(document.activeElement));
  if (!same && panel) {
    panel.destroy();
    panel.element.remove();
    panel = null;
  }
  app.classList.toggle("with-thread", Boolean(ts));
  if (!ts) {
    if (inside) conversations.get(channel)?.focus();
    return;
  }
  markThread(channel, ts, false);
  if (!same) {
    panel = new ThreadPanel(channel, ts);
    work.append(panel.element);
  }
  panel.show(at);
  if (!same && !at && !writing) panel.focus();
}

function showPlace({ channel: id, tab, thread, at }) {
  const channel = store.channels.get(id);
  if (!channel) return;
  const moved = store.channel !== id || store.tab !== tab;
  Object.assign(store, { channel: id, tab, thread });
  app.classList.remove("at-list");
  if (!conversations.has(id)) conversations.set(id, new Conversation(channel));
  const conversation = conversations.get(id);
  if (conversation.element.parentNode !== work) {
    work.querySelector(".pane")?.remove();
    work.prepend(conversation.element);
  }
  emit("channels");
  // Redrawing the tab on every open thread would send "opened" again.
  if (moved || at) conversation.show(tab, thread === at ? null : thread ?? at);
  if (moved && !thread) conversation.focus();
  showThread(id, thread, at);
}

const isMine = (message) => message.user === store.me.id;
const WIDE = matchMedia("(min-width: 1000px)");

/** In the app's direct message an answer to what was just asked opens beside it, as in Slack's agent surface. */
function openAnswer(channel, message) {
  if (channel !== appDm()?.id || store.channel !== channel || store.tab !== "messages" || store.thread || !WIDE.matches) return;
  const question = sorted(store.lists.get(channel)).filter((each) => !each.is_ephemeral).at(-1);
  if (question?.ts === message.thread_ts && isMine(question)) openThread(channel, message.thread_ts);
}

function arrived(channel, message) {
  putMessage(channel, message);
  const known = store.channels.get(channel);
  if (message.subtype === "channel_join" && message.user === store.bot.user_id && known) {
    known.bot_is_member = true;
    conversations.get(channel)?.drawHead();
  }
  if (isMine(message) || message.is_notice || !known || known.user_is_member === false) return;
  const looking = store.channel === channel && store.tab === "messages" && !document.hidden;
  const reply = isReply(message) && message.subtype !== "thread_broadcast";
  const direct = ["im", "app_dm"].includes(known.kind);
  if (!looking && (!reply || direct)) addUnread(channel, message);
  if (!reply) return;
  openAnswer(channel, message);
  if (inThread(channel, message.thread_ts) && store.thread !== message.thread_ts) markThread(channel, message.thread_ts, true);
}

/** Whether one began a thread or answered in it: what comes there is news to them. */
function inThread(channel, ts) {
  const root = store.lists.get(channel)?.get(ts);
  return Boolean(root) && (isMine(root) || (root.reply_users ?? []).includes(store.me.id));
}

const EVENTS = {
  message: (event) => arrived(event.channel, event.message),
  message_changed: (event) => putMessage(event.channel, event.message),
  message_deleted: (event) => dropMessage(event.channel, event.ts),
  view_opened: viewEvent,
  view_pushed: viewEvent,
  view_updated: viewEvent,
  view_closed: viewEvent,
  home: (event) => {
    store.home = event.view;
    emit("home");
  },
  status: (event) => {
    if (!store.statuses.has(event.channel)) store.statuses.set(event.channel, new Map());
    const statuses = store.statuses.get(event.channel);
    if (event.status) statuses.set(event.thread_ts ?? "", event.status);
    else statuses.delete(event.thread_ts ?? "");
    emit("status");
  },
  prompts: (event) => {
    const key = event.thread_ts ? threadKey(event.channel, event.thread_ts) : event.channel;
    store.prompts.set(key, { title: event.title, prompts: event.prompts, thread_ts: event.thread_ts });
    // A thread that does not exist yet is the conversation itself.
    if (event.thread_ts && !store.lists.get(event.channel)?.has(event.thread_ts)) {
      store.prompts.set(event.channel, { title: event.title, prompts: event.prompts, thread_ts: null });
    }
    emit("prompts");
  },
  toast: (event) => toast(event.text, event.kind),
};

function connected(down) {
  const place = document.querySelector(".connection");
  if (place) fill(place, down ? [h("span", { class: "spinner" }), " Connecting…"] : null);
}

async function start() {
  applyTheme();
  const state = await api.state();
  fillStore(state);
  on("place", showPlace);
  fill(app, buildTop(), buildSidebar(), work);
  app.removeAttribute("aria-busy");
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && store.tab === "messages") clearUnread(store.channel);
  });
  const mine = [...store.channels.values()].filter((channel) => channel.kind === "channel" && channel.user_is_member !== false);
  const first = mine.find((channel) => channel.bot_is_member && !channel.is_archived) ?? mine[0] ?? appDm();
  const bare = location.pathname === "/" && location.hash.length < 3;
  startRouter(first.id);
  follow(state.live_id);
  if (bare && WIDE.matches) await showAnswer(first.id);
  // "2 minutes ago" and "Today" grow old.
  setInterval(() => emit(`list:${store.channel}`), 60_000);
}

/** The first sight of the page: where the app was asked something, its answer stands open beside. */
async function showAnswer(channel) {
  await loadList(channel);
  const asked = sorted(store.lists.get(channel)).filter((message) => !isMine(message) && message.text.includes(`<@${store.bot.user_id}>`)).at(-1);
  if (asked && store.channel === channel && !store.thread) openThread(channel, asked.ts, asked.ts);
}

/** Follow what happens after what was loaded; catch up after a lost connection. */
function follow(after) {
  let lost = 0;
  live({
    after,
    onevent: (event) => EVENTS[event.type]?.(event),
    onup: async (last) => {
      clearTimeout(lost);
      connected(false);
      const state = await api.state().catch(() => null);
      // A restarted server counts from the beginning: nothing here is its own.
      if (state && Number.isFinite(state.live_id) && state.live_id < last) location.reload();
      else loadAgain();
    },
    ondown: () => {
      clearTimeout(lost);
      lost = setTimeout(() => connected(true), 800);
    },
  });
}

start().catch((error) => {
  fill(app, h("p", { class: "app-loading", role: "alert" }, error.message));
});
