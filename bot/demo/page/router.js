// Where the page is: #/<channel>, #/<channel>/home, #/<channel>/thread/<ts>, with ?at=<ts> to point at a message.

import { channelName, emit, store, unreadCount } from "./store.js";

/** The address of a place in this page. */
export function address(channel, { thread = null, tab = null, at = null } = {}) {
  const parts = [encodeURIComponent(channel)];
  if (tab && tab !== "messages") parts.push(tab);
  if (thread) parts.push("thread", thread);
  return `#/${parts.join("/")}${at ? `?at=${at}` : ""}`;
}

function read(hash) {
  const [path, search = ""] = hash.replace(/^#\/?/, "").split("?");
  const [channel, second, third] = path.split("/");
  return {
    channel: decodeURIComponent(channel ?? ""), tab: second === "home" ? "home" : "messages",
    thread: second === "thread" ? third ?? null : null, at: new URLSearchParams(search).get("at"),
  };
}

/** Go somewhere; the views follow. */
export function go(channel, options = {}) {
  const next = address(channel, options);
  if (location.hash === next) emit("place", read(next));
  else location.hash = next;
}

export const openThread = (channel, ts, at = null) => go(channel, { thread: ts, at });
export const closeThread = () => go(store.channel);

const dotted = (digits) => `${digits.slice(0, -6)}.${digits.slice(-6)}`;

/** The path of a message, as Slack writes it. */
export function permalink(channel, message) {
  const reply = message.thread_ts && message.thread_ts !== message.ts
    ? `?thread_ts=${message.thread_ts}&cid=${channel}` : "";
  return `/archives/${channel}/p${message.ts.replace(".", "")}${reply}`;
}

/** Where a permalink of this workspace leads: {channel, at, thread}; null for other addresses. */
function readPermalink(href) {
  let url;
  try {
    url = new URL(href, location.origin);
  } catch {
    return null;
  }
  const ours = url.origin === location.origin || /(^|\.)slack\.com$/.test(url.hostname);
  const found = /^\/archives\/([A-Z0-9_]+)(?:\/p(\d{7,}))?\/?$/i.exec(url.pathname);
  if (!ours || !found || !store.channels.has(found[1])) return null;
  return { channel: found[1], at: found[2] ? dotted(found[2]) : null, thread: url.searchParams.get("thread_ts") };
}

/** Follow a permalink in place. False when it is none of ours. */
export function follow(href) {
  const place = readPermalink(href);
  if (!place) return false;
  go(place.channel, { at: place.at, thread: place.thread });
  return true;
}

/** Watch the address. The first place: a permalink opened directly, else the hash, else `fallback`. */
export function startRouter(fallback) {
  addEventListener("hashchange", () => emit("place", read(location.hash)));
  document.addEventListener("click", (event) => {
    const anchor = event.target.closest?.("a[href]");
    if (!anchor || event.defaultPrevented || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    if (readPermalink(anchor.href)) {
      event.preventDefault();
      follow(anchor.href);
    }
  });
  const direct = readPermalink(location.href);
  if (direct) {
    history.replaceState(null, "", `/${address(direct.channel, { at: direct.at, thread: direct.thread })}`);
  }
  const place = read(location.hash);
  if (!store.channels.has(place.channel)) {
    history.replaceState(null, "", address(fallback));
    emit("place", read(location.hash));
  } else {
    emit("place", place);
  }
}

/** Name the window after the place and what waits elsewhere. */
export function nameWindow() {
  const channel = store.channels.get(store.channel);
  const waiting = [...store.unread.keys()].reduce((sum, id) => sum + unreadCount(id), 0);
  const mark = waiting ? `(${waiting}) ` : "";
  document.title = `${mark}${channelName(channel) || "Conversations"} - ${store.team.name} - Slack demo`;
}
