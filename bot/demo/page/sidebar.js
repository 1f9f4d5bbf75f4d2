// The ways to get about: the search field on top, rail, workspace name, channels, direct messages, the app.

import { api, become, TROUBLE } from "./api.js";
import { add, fill, h } from "./dom.js";
import { appIcon, icon, iconButton, userIcon } from "./icons.js";
import { closePopover, openPopover, toast, toggleMenu } from "./popover.js";
import { address, go, nameWindow } from "./router.js";
import { Rows } from "./rows.js";
import { appDm, channelName, on, store, unreadCount } from "./store.js";

/** Run a global shortcut. */
async function runShortcut(shortcut) {
  try {
    const answer = await api.shortcut({ callback_id: shortcut.callback_id });
    if (answer.ok === false) toast(answer.shown ?? TROUBLE, "error");
  } catch (error) {
    toast(error.message, "error");
  }
}

/** Menu items of the app's global shortcuts. */
export function shortcutItems() {
  return store.shortcuts.filter((shortcut) => shortcut.type === "global").map((shortcut) => ({
    label: shortcut.name, detail: shortcut.description || store.bot.name, icon: appIcon(20), run: () => runShortcut(shortcut),
  }));
}

function channelIcon(channel) {
  if (channel.kind === "app_dm") return appIcon(20);
  if (channel.kind === "im") return userIcon(channel.with, 20);
  return icon({ private: "lock", shared: "shared" }[channel.kind] ?? "hash", 18);
}

function item(channel) {
  const unread = unreadCount(channel.id);
  const direct = channel.kind === "im" || channel.kind === "app_dm";
  const classes = ["side-item", channel.id === store.channel ? "selected" : "", unread ? "unread" : "",
    channel.is_archived ? "archived" : ""].filter(Boolean).join(" ");
  return h("li", null, h("a", {
    class: classes, href: address(channel.id), "data-channel": channel.id,
    "aria-current": channel.id === store.channel ? "page" : null,
  }, h("span", { class: "side-icon" }, channelIcon(channel)), h("span", { class: "side-name" }, channelName(channel)),
  channel.kind === "im" && channel.with === store.me.id ? h("span", { class: "side-you" }, "you") : null,
  unread ? h("span", { class: direct ? "side-badge" : "side-badge quiet", "aria-label": `${unread} unread` }, String(unread)) : null));
}

function group(title, channels) {
  return channels.length ? h("section", { class: "side-group", "aria-label": title },
    h("div", { class: "side-heading" }, icon("down", 14), title), h("ul", { class: "side-list" }, channels.map(item))) : null;
}

/** What sets a person apart, for the choice of whom to be. */
function standing(user) {
  if (user.team_id !== store.team.id) return "From another company";
  return user.is_restricted ? "Guest" : "Member";
}

/** Whom this window may play: what is pressed and asked goes to the app as theirs. */
function peopleItems() {
  const people = [...store.users.values()].filter((user) => !user.is_bot);
  return people.map((user) => ({
    label: user.real_name, detail: standing(user), icon: userIcon(user.id, 24),
    end: user.id === store.me.id ? "you" : null, run: () => user.id !== store.me.id && become(user.id),
  }));
}

const ownMenu = (button, options) => toggleMenu(button, ["Be somebody else", ...peopleItems(), null, "The demo", ...demoItems(), null, "Appearance", ...themeItems()], options);

/** What happens outside of Slack when somebody wants to see it: a call fails, for what watches failed calls. */
function demoItems() {
  const run = () => api.fail().then(() => toast("A call has failed just now."), () => toast("Real conversations do not fail on demand.", "error"));
  return [{ label: "Let a call fail now", run }];
}

function themeItems() {
  const set = (theme) => () => {
    localStorage.setItem("theme", theme);
    applyTheme();
  };
  return [{ label: "Same as system", run: set("system") }, { label: "Light", run: set("light") }, { label: "Dark", run: set("dark") }];
}

/** Light, dark, or as the system says. */
export function applyTheme() {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}

function rail() {
  const dm = appDm();
  const create = iconButton("plus", "Shortcuts", () => toggleMenu(create, ["Shortcuts", ...shortcutItems()]),
    { class: "rail-create", "aria-haspopup": "menu", "aria-expanded": "false" });
  create.hidden = !shortcutItems().length;
  const me = h("button", {
    type: "button", class: "rail-me", "aria-label": `You are ${store.me.real_name}`, "aria-haspopup": "menu",
    "aria-expanded": "false", onclick: () => ownMenu(me),
  }, userIcon(store.me.id, 36), h("span", { class: "presence" }));
  const team = h("div", { class: "rail-team", title: store.team.name }, ([...store.team.name][0] ?? "W").toUpperCase());
  const first = [...store.channels.values()].find((channel) => channel.kind === "channel");
  const tab = (name, label, channel) => (channel ? h("a", { class: "rail-tab", href: address(channel.id), "data-kind": name },
    h("span", { class: "rail-icon" }, icon(name, 20)), label) : null);
  return h("nav", { class: "rail", "aria-label": "Workspace" }, team, tab("home", "Home", first), tab("dms", "DMs", dm),
    h("span", { class: "rail-gap" }), create, me);
}

/** Build the sidebar; it draws itself again whenever conversations change. */
export function buildSidebar() {
  const lists = h("div", { class: "side-lists" });
  const railBox = h("div", { class: "rail-box" }, rail());
  const who = h("button", { type: "button", class: "side-who", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => ownMenu(who) },
    userIcon(store.me.id, 20), store.me.real_name, icon("down", 14));
  const element = h("aside", { class: "side", "aria-label": "Channels and direct messages" },
    h("div", { class: "side-head" }, h("div", null, h("h1", { class: "side-team" }, store.team.name), who),
      iconButton("compose", "Write to the app", () => appDm() && go(appDm().id), { class: "on-dark" })),
    lists);
  const draw = () => {
    const channels = [...store.channels.values()];
    const focused = lists.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
    fill(lists,
      group("Channels", channels.filter((each) => ["channel", "private", "shared"].includes(each.kind))),
      group("Direct messages", channels.filter((each) => each.kind === "im")),
      group("Apps", channels.filter((each) => each.kind === "app_dm")));
    if (focused) lists.querySelector(`[data-channel="${CSS.escape(focused)}"]`)?.focus();
    const kind = store.channels.get(store.channel)?.kind;
    for (const tab of railBox.querySelectorAll(".rail-tab")) {
      const dms = kind === "im" || kind === "app_dm";
      tab.classList.toggle("selected", (tab.dataset.kind === "dms") === dms);
    }
    nameWindow();
  };
  on("channels", draw);
  draw();
  return add(h("div", { class: "left" }), railBox, element);
}

/** Build the top bar. */
export function buildTop() {
  const button = h("button", { type: "button", class: "top-search", "aria-haspopup": "dialog", "aria-expanded": "false",
    "aria-label": "Jump to a conversation", onclick: () => open(button) }, icon("search", 16), `Search ${store.team.name}`);
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      open(button);
    }
  });
  return h("header", { class: "top" }, h("span", { class: "top-side" }), button,
    h("span", { class: "top-side connection", role: "status", "aria-live": "polite" }));
}

function open(button) {
  const list = h("div", { class: "options", role: "listbox", "aria-label": "Conversations" });
  const field = h("input", { class: "options-search", type: "text", placeholder: "Jump to…", "aria-label": "Jump to", autocomplete: "off" });
  const opened = openPopover(button, [field, list], { className: "options-popover switcher", matchWidth: true });
  const rows = new Rows(list, field);
  const draw = () => {
    const part = field.value.trim().toLowerCase().replace(/^[#@]/, "");
    const found = [...store.channels.values()].filter((channel) => channelName(channel).toLowerCase().includes(part));
    rows.show(found.length ? found.map((channel) => h("div", { class: "option", role: "option", onclick: () => {
      closePopover(false);
      go(channel.id);
    } }, channelIcon(channel), h("span", { class: "option-text" }, channelName(channel)))) : h("div", { class: "options-empty" }, "No results"));
    opened.replace();
  };
  field.addEventListener("input", draw);
  field.addEventListener("keydown", (event) => rows.key(event));
  draw();
  field.focus();
}
