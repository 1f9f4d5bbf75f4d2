// Line icons on a 24 by 24 grid, drawn for this page, and the pictures of people and of the app.

import { h, svg } from "./dom.js";
import { store } from "./store.js";

const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4.500 9H20M4 15h15.500",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  shared: "M8 6l6 6-6 6-6-6zM16 6l6 6-6 6-3-3",
  home: "M4 11 12 4l8 7v8.500a.500.500 0 0 1-.500.500H15v-6H9v6H4.500a.500.500 0 0 1-.500-.500z",
  dms: "M4 6.500A2.500 2.500 0 0 1 6.500 4h8A2.500 2.500 0 0 1 17 6.500v4a2.500 2.500 0 0 1-2.500 2.500H9l-4 3.500V13zM20 9.500v10L17 17h-5",
  plus: "M12 5v14M5 12h14",
  send: "M4 12 3.500 4.500 21 12 3.500 19.500zM4 12h8",
  down: "M6 9.500l6 6 6-6",
  right: "M9.500 6l6 6-6 6",
  left: "M14.500 6l-6 6 6 6",
  back: "M20 12H5M11 6l-6 6 6 6",
  close: "M6 6l12 12M18 6 6 18",
  search: "M10.500 4a6.500 6.500 0 1 0 0 13 6.500 6.500 0 0 0 0-13zM15.500 15.500 20 20",
  reply: "M12 4a8 7.500 0 0 1 0 15c-1 0-2-.150-3-.500L4.500 20l1-3.700A7.300 7.300 0 0 1 4 11.500 8 7.500 0 0 1 12 4zM8.500 10h7M8.500 13.500h5",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-5.700-5.700l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 5.700 5.700l1-1",
  copy: "M9 9h10v11H9zM15 9V5H5v11h4",
  eye: "M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  download: "M12 4v11M7 10.500l5 5 5-5M4.500 20h15",
  file: "M6 3.500h8l4.500 4.500v12.500H6zM14 3.500V8h4.500",
  table: "M4 5h16v14H4zM4 10h16M4 14.500h16M10 5v14",
  sound: "M9 18V6l10-2v12M9 18a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0zM19 16a2.500 2.500 0 1 1-5 0 2.500 2.500 0 0 1 5 0z",
  at: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM16 8v5.500a2.300 2.300 0 0 0 4.500 0V12a8.500 8.500 0 1 0-3.300 6.700",
  slash: "M5 4h14a1 1 0 0 1 1 1v14a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1zM14.500 7.500l-5 9",
  check: "M5 12.500l4.500 4.500L19 7.500",
  warning: "M12 4 2.500 20h19zM12 10v4.500M12 17v.5",
  bolt: "M13 3 5 13.500h6L10 21l8.500-11h-6z",
  compose: "M12 4.500H5.500a1 1 0 0 0-1 1v13a1 1 0 0 0 1 1h13a1 1 0 0 0 1-1V12M10 14l.500-3 8-8 2.500 2.500-8 8z",
  expand: "M14 4h6v6M20 4l-7 7M10 20H4v-6M4 20l7-7",
};

const FILLED = new Set(["send"]);

/** An icon by name, hidden from screen readers: its button carries the name. */
export function icon(name, size = 20) {
  if (name === "more") {
    const dot = (cy) => ["circle", { cx: "12", cy: String(cy), r: "1.700", fill: "currentColor" }];
    return svg("0 0 24 24", { width: size, height: size, class: "icon" }, [dot(5.5), dot(12), dot(18.5)]);
  }
  const paint = FILLED.has(name) ? "currentColor" : "none";
  const attributes = {
    width: size, height: size, class: `icon icon-${name}`, fill: paint, stroke: "currentColor",
    "stroke-width": "1.700", "stroke-linecap": "round", "stroke-linejoin": "round",
  };
  return svg("0 0 24 24", attributes, [["path", { d: PATHS[name] ?? PATHS.file }]]);
}

/** A square button that shows only an icon; `label` is its name and its tooltip. */
export function iconButton(name, label, onclick, extra = {}) {
  const { class: own = "", size = 20, ...rest } = extra;
  return h("button", { type: "button", class: `icon-button ${own}`, "aria-label": label, title: label, onclick, ...rest },
    icon(name, size));
}

const COLOURS = ["#4a154b", "#1264a3", "#2b7a4b", "#b0562a", "#7a4fbf", "#a8325e", "#2f6f7e", "#8a6d1c"];

function colourOf(user) {
  if (/^#?[0-9a-f]{6}$/i.test(user?.color ?? "")) return `#${user.color.replace("#", "")}`;
  const sum = [...String(user?.id ?? "")].reduce((total, character) => total + character.charCodeAt(0), 0);
  return COLOURS[sum % COLOURS.length];
}

/** The app's picture: a speech bubble with a voice in it. */
export function appIcon(size) {
  const box = h("span", { class: "avatar app-avatar" }, svg("0 0 36 36", { width: size, height: size }, [
    ["rect", { width: "36", height: "36", fill: "#5b4fd6" }],
    ["path", { d: "M8 13.500A5.500 5.500 0 0 1 13.500 8h9A5.500 5.500 0 0 1 28 13.500v6a5.500 5.500 0 0 1-5.500 5.500H17l-5.200 3.700c-.5.4-1.200 0-1.200-.6V24A5.500 5.500 0 0 1 8 19.500z", fill: "#fff" }],
    ["path", { d: "M13 14.500v4M16.300 12.500v8M19.700 14v5M23 15.500v2", stroke: "#5b4fd6", "stroke-width": "1.900", "stroke-linecap": "round", fill: "none" }],
  ]));
  box.style.setProperty("--size", `${size}px`);
  return box;
}

/** Initials on the person's colour. */
function personIcon(user, size) {
  const name = user?.real_name || user?.name || "?";
  const initials = name.split(/\s+/).filter(Boolean).slice(0, 2).map((part) => [...part][0]).join("").toUpperCase();
  const box = h("span", { class: "avatar", "aria-hidden": "true" }, initials || "?");
  box.style.setProperty("--size", `${size}px`);
  box.style.setProperty("--colour", colourOf(user));
  return box;
}

const SLACKBOT = { id: "USLACKBOT", real_name: "Slackbot", name: "slackbot", color: "6b4a6b", is_bot: true };

/** Who wrote a message: {id, name, app, me, user}. */
export function author(message) {
  const isApp = Boolean(message.bot_id) || (message.user && message.user === store.bot.user_id);
  if (isApp) return { id: store.bot.user_id, name: message.username || store.bot.name, app: true, user: null };
  const user = message.user === "USLACKBOT" ? SLACKBOT : store.users.get(message.user)
    ?? (message.user === store.me.id ? store.me : null);
  return { id: message.user, name: message.username || user?.real_name || user?.name || message.user || "Someone",
    app: false, me: message.user === store.me.id, user: user ?? { id: message.user, name: "?" } };
}

/** The picture of a message's author. */
export const authorIcon = (who, size) => (who.app ? appIcon(size) : personIcon(who.user, size));

/** The picture of a user by id. */
export function userIcon(id, size) {
  if (id === store.bot.user_id || id === store.bot.bot_id) return appIcon(size);
  return personIcon(id === store.me.id ? { ...store.users.get(id), ...store.me } : store.users.get(id) ?? { id }, size);
}
