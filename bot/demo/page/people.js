// Pictures and names of people and the app: drawn here, since nothing is loaded from elsewhere.

import { h, svg } from "./dom.js";
import { store } from "./store.js";

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
