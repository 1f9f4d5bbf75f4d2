// What the page knows. Changes are announced by name; views listen and draw again.

const listeners = new Map();

/** Listen to a change: "channels", "list:<channel>", "thread:<channel>:<ts>", "views", "home", "status", "prompts", "asked". */
export function on(name, run) {
  if (!listeners.has(name)) listeners.set(name, new Set());
  listeners.get(name).add(run);
  return () => listeners.get(name)?.delete(run);
}

/** Announce a change. */
export function emit(name, detail) {
  for (const run of [...(listeners.get(name) ?? [])]) run(detail);
}

export const store = {
  team: { id: "", name: "" },
  me: { id: "", name: "", real_name: "", tz: "UTC", time24: false },
  bot: { user_id: "", bot_id: "", name: "", app_id: "" },
  users: new Map(),
  channels: new Map(),
  commands: [],
  shortcuts: [],
  suggestions: [],
  lists: new Map(),
  threads: new Map(),
  statuses: new Map(),
  prompts: new Map(),
  unread: new Map(),
  freshThreads: new Set(),
  home: null,
  channel: null,
  thread: null,
  tab: "messages",
};

/** Take over the answer of /demo/state. */
export function fillStore(state) {
  for (const key of ["team", "me", "bot"]) Object.assign(store[key], state[key] ?? {});
  for (const key of ["commands", "shortcuts", "suggestions"]) store[key] = state[key] ?? [];
  store.users = new Map((state.users ?? []).map((user) => [user.id, user]));
  store.channels = new Map((state.channels ?? []).map((channel) => [channel.id, channel]));
  emit("channels");
}

export const threadKey = (channel, ts) => `${channel}:${ts}`;

function put(map, key, message) {
  if (!map.has(key)) map.set(key, new Map());
  map.get(key).set(message.ts, message);
}

/** Messages of a channel's list or of a thread, oldest first. */
export function sorted(messages) {
  return [...(messages?.values() ?? [])].sort((a, b) => Number(a.ts) - Number(b.ts));
}

/** Whether a message stands in a thread, under another. */
export const isReply = (message) => Boolean(message.thread_ts) && message.thread_ts !== message.ts;

// When each message last changed by a live event: an answer that was asked for before does not undo it.
const touched = new Map();
let moment = 0;

/** The present moment, for `setList` and `setThread`. */
export const mark = () => moment;

function touch(channel, ts) {
  moment += 1;
  touched.set(`${channel}:${ts}`, moment);
}

/** Messages as answered, but for those that changed after the question (asked at `since`). */
function merged(channel, answered, known, since) {
  const later = (message) => touched.get(`${channel}:${message.ts}`) > since;
  const kept = sorted(known).filter((message) => message.is_notice || later(message));
  const all = [...answered.filter((message) => !later(message)), ...kept];
  return new Map(all.map((message) => [message.ts, message]));
}

/** Put a message where it belongs; announces only what changed. */
export function putMessage(channel, message) {
  touch(channel, message.ts);
  if (isReply(message)) {
    const key = threadKey(channel, message.thread_ts);
    if (store.threads.has(key)) {
      put(store.threads, key, message);
      emit(`thread:${key}`);
    }
    if (message.subtype !== "thread_broadcast") return;
  }
  put(store.lists, channel, message);
  emit(`list:${channel}`);
  const key = threadKey(channel, message.ts);
  if (store.threads.has(key)) {
    put(store.threads, key, message);
    emit(`thread:${key}`);
  }
}

/** Remove a message from the list and from any thread. */
export function dropMessage(channel, ts) {
  touch(channel, ts);
  if (store.lists.get(channel)?.delete(ts)) emit(`list:${channel}`);
  for (const [key, messages] of store.threads) {
    if (key.startsWith(`${channel}:`) && messages.delete(ts)) emit(`thread:${key}`);
  }
}

/** Replace a list loaded since a moment; messages that only this page made (notices) stay. */
export function setList(channel, messages, since) {
  store.lists.set(channel, merged(channel, messages, store.lists.get(channel), since));
  emit(`list:${channel}`);
}

/** Replace a thread loaded since a moment. */
export function setThread(channel, ts, messages, since) {
  const key = threadKey(channel, ts);
  store.threads.set(key, merged(channel, messages, store.threads.get(key), since));
  emit(`thread:${key}`);
}

/** Remember what is unseen. A thread counts once, with its first message: an answer and its file are one thing. */
export function addUnread(channel, message) {
  if (!store.unread.has(channel)) store.unread.set(channel, new Set());
  store.unread.get(channel).add(message.thread_ts ?? message.ts);
  emit("channels");
}

/** How many things are unseen in a conversation. */
export const unreadCount = (channel) => store.unread.get(channel)?.size ?? 0;

/** Forget what was unseen. */
export function clearUnread(channel) {
  if (store.unread.delete(channel)) emit("channels");
}

/** Mark a thread as having replies that were not seen, or as seen. */
export function markThread(channel, ts, fresh) {
  const key = threadKey(channel, ts);
  if (fresh === store.freshThreads.has(key)) return;
  if (fresh) store.freshThreads.add(key);
  else store.freshThreads.delete(key);
  emit(`list:${channel}`);
}

/** Something said by the page itself, to this person only, as Slackbot does. */
export function notice(channel, threadTs, text) {
  const message = {
    ts: (Date.now() / 1000).toFixed(6), user: "USLACKBOT", text, is_ephemeral: true, is_notice: true,
  };
  if (threadTs) message.thread_ts = threadTs;
  putMessage(channel, message);
}

/** How to name a conversation, and the user behind a direct message. */
export function channelName(channel) {
  if (!channel) return "";
  if (channel.kind === "app_dm") return store.bot.name;
  if (channel.kind === "im") {
    const user = store.users.get(channel.with);
    return user?.real_name || user?.name || channel.name;
  }
  return channel.name;
}

/** The app's own direct message, if there is one. */
export function appDm() {
  return [...store.channels.values()].find((channel) => channel.kind === "app_dm") ?? null;
}
