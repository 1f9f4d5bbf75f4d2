// The stand-in's page API, and its live events with reconnection.

/** A refusal or a network failure, with words that can be shown. */
export class ApiError extends Error {}

async function call(path, body) {
  const request = body === undefined
    ? {}
    : { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  let response;
  try {
    response = await fetch(path, request);
  } catch {
    throw new ApiError("The demo server cannot be reached. Is it still running?");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new ApiError(answer?.shown ?? answer?.error ?? `The demo server answered ${response.status}.`);
  return answer ?? {};
}

const query = (values) => new URLSearchParams(values).toString();

export const api = {
  state: () => call("/demo/state"),
  messages: (channel) => call(`/demo/messages?${query({ channel })}`),
  replies: (channel, ts) => call(`/demo/replies?${query({ channel, ts })}`),
  home: () => call("/demo/home"),
  send: (body) => call("/demo/send", body),
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
    source = new EventSource(last === null ? "/demo/live" : `/demo/live?after=${last}`);
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
