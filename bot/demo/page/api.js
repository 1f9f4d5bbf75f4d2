// The stand-in's page API, its live events with reconnection, and where blocks live (messages, modals, Home).

import { toast } from "./popover.js";

/** A refusal or a network failure, with words that can be shown. */
class ApiError extends Error {}

/** Whom this tab plays ("as" in its address); the server's own choice if empty. */
const played = new URLSearchParams(location.search).get("as") ?? "";

/** Be somebody else, in the same place. */
export function become(userId) {
  location.search = new URLSearchParams({ as: userId }).toString();
}

const asked = (path, values = {}) => `${path}?${new URLSearchParams({ ...values, ...(played ? { as: played } : {}) })}`;

async function call(path, body, values) {
  const request = body === undefined
    ? {}
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(asked(path, values), request);
  } catch {
    throw new ApiError("The demo server cannot be reached. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(answer?.shown ?? answer?.error ?? `The demo server answered ${response.status}.`);
  return answer ?? {};
}

export const api = {
  state: () => call("/demo/state"),
  messages: (channel) => call("/demo/messages", undefined, { channel }),
  replies: (channel, ts) => call("/demo/replies", undefined, { channel, ts }),
  home: () => call("/demo/home"),
  send: (body) => call("/demo/send", body),
  fail: () => call("/demo/fail", {}),
  act: (body) => call("/demo/act", body),
  options: (body) => call("/demo/options", body),
  submit: (body) => call("/demo/submit", body),
  close: (viewId, clear = false) => call("/demo/close", { view_id: viewId, clear }),
  shortcut: (body) => call("/demo/shortcut", body),
  opened: (channel, tab) => call("/demo/opened", tab ? { channel, tab } : { channel }),
};

const LONGEST_WAIT = 8000;

/** Follow the live events after a number. `onup(last)` after each new connection but the first, with the number of
 *  the last event seen; `ondown` when it is lost. */
export function live({ after, onevent, onup, ondown }) {
  let again = false;
  let last = after ?? null;
  let wait = 500;
  let source = null;

  function connect() {
    source = new EventSource(asked("/demo/live", last === null ? {} : { after: last }));
    source.addEventListener("open", () => {
      wait = 500;
      if (again) onup(last);
      again = true;
    });
    source.addEventListener("message", (event) => {
      if (/^\d+$/.test(event.lastEventId)) last = Number(event.lastEventId);
      let parsed;
      try {
        parsed = JSON.parse(event.data);
      } catch {
        return;
      }
      onevent(parsed);
    });
    source.addEventListener("error", () => {
      ondown();
      // The browser reconnects by itself after a drop, but gives up after an HTTP error.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, LONGEST_WAIT);
    });
  }

  connect();
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => {
    if (event.persisted) connect();
  });
}

/** Slack's words for an app that does not answer. */
export const TROUBLE = "We had some trouble connecting. Try again?";

export class Surface {
  /** `address` says where an action happened: {channel, message_ts, ephemeral} or {view_id}; `kind` how to draw. */
  constructor(kind, address) {
    this.kind = kind;
    this.address = address;
    this.entries = new Map();
    this.onfail = null;
  }

  /** What was entered in an element before, so that an updated view keeps it. */
  entered(blockId, actionId) {
    return this.entries.get(blockId)?.get(actionId);
  }

  /** Note an element's value in the shape of Slack's `state.values`. */
  enter(blockId, actionId, payload) {
    if (!this.entries.has(blockId)) this.entries.set(blockId, new Map());
    this.entries.get(blockId).set(actionId, payload);
  }

  /** Forget the elements of blocks that are gone. */
  keep(blockIds) {
    for (const blockId of this.entries.keys()) {
      if (!blockIds.has(blockId)) this.entries.delete(blockId);
    }
  }

  /** Everything entered: {block_id: {action_id: payload}}. */
  values() {
    return Object.fromEntries([...this.entries].map(([block, actions]) => [block, Object.fromEntries(actions)]));
  }

  /** Deliver an action to the app. False when it could not be delivered (the person was told). */
  async act(action) {
    try {
      const answer = await api.act({ ...this.address, action, state: { values: this.values() } });
      // What the server's own words would be for an app that fails; its toast says the same and is shown once.
      if (answer.ok === false) throw new Error(answer.shown ?? TROUBLE);
      return true;
    } catch (error) {
      toast(error.message, "error");
      this.onfail?.(error);
      return false;
    }
  }

  /** Ask the app for the options of an external menu. */
  async options(blockId, actionId, value) {
    return api.options({ ...this.address, block_id: blockId, action_id: actionId, value });
  }
}
