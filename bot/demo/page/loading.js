// Fetching what a view needs, once, and again after a lost connection.

import { api } from "./api.js";
import { mark, setList, setThread, store, threadKey } from "./store.js";
import { toast } from "./toast.js";

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
export async function loadThread(channel, ts, again = false) {
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
