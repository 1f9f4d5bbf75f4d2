// Interactive elements of Block Kit. Each builder gets (element, context) and returns a node.
// context: {surface, blockId, label, input: whether in an input block, dispatch: whether it acts at once}

import { h, localImage, safeUrl, uid } from "./dom.js";
import { icon } from "./icons.js";
import { inlineText, words } from "./mrkdwn.js";
import { confirmed, toggleMenu } from "./popover.js";
import { select } from "./select.js";
import { channelName, store } from "./store.js";

function enter(element, context, value) {
  context.surface.enter(context.blockId, element.action_id, { type: element.type, ...value });
}

const before = (element, context) => context.surface.entered(context.blockId, element.action_id);

const nameOf = (element, context) => element.accessibility_label || context.label || words(element.placeholder) || "Choose";

/** Send an element's action after its confirmation; the value is in `value`. */
async function act(element, context, value) {
  return (await confirmed(element.confirm)) && send(element, context, value);
}

function send(element, context, value) {
  return context.surface.act({ type: element.type, action_id: element.action_id, block_id: context.blockId, ...value });
}

/** Note the value, and tell the app when this place dispatches. */
function changed(element, context, value) {
  enter(element, context, value);
  if (context.dispatch) act(element, context, value);
}

function button(element, context) {
  const style = { primary: "primary", danger: "danger" }[element.style] ?? "";
  const href = element.url ? safeUrl(element.url) : null;
  const properties = { class: `button ${style}`, "data-action": element.action_id, "aria-label": element.accessibility_label };
  const press = async () => {
    if (node.classList.contains("busy") || !(await confirmed(element.confirm))) return;
    node.classList.add("busy");
    await send(element, context, { value: element.value, text: element.text });
    node.classList.remove("busy");
  };
  const node = href
    ? h("a", { ...properties, href, target: "_blank", rel: "noopener noreferrer", onclick: press }, inlineText(element.text))
    : h("button", { ...properties, type: "button", onclick: press }, inlineText(element.text));
  return node;
}

function overflow(element, context) {
  const node = h("button", {
    type: "button", class: "button overflow", "aria-haspopup": "menu", "aria-expanded": "false",
    "aria-label": nameOf(element, { label: "More options" }), "data-action": element.action_id,
    onclick: () => toggleMenu(node, (element.options ?? []).map((option) => ({
      label: inlineText(option.text), detail: option.description ? inlineText(option.description) : null,
      run: () => {
        const href = option.url && safeUrl(option.url);
        if (href) window.open(href, "_blank", "noopener,noreferrer");
        act(element, context, { selected_option: option });
      },
    }))),
  }, icon("more", 18));
  return node;
}

const userOption = (user) => ({ text: { type: "plain_text", text: user.real_name || user.name }, value: user.id });
const channelOption = (channel) => ({ text: { type: "plain_text", text: `${SORTS[channel.kind] === "im" ? "" : "#"}${channelName(channel)}` }, value: channel.id });

const PEOPLE = () => [...store.users.values()].filter((user) => !user.is_bot).map(userOption);
const CHANNELS = () => [...store.channels.values()]
  .filter((each) => ["channel", "private", "shared"].includes(each.kind) && !each.is_archived).map(channelOption);
const SORTS = { channel: "public", shared: "public", private: "private", im: "im", app_dm: "im" };

/** Conversations that the menu's filter lets through; all, without one. */
function CONVERSATIONS({ filter = {} }) {
  const fits = (each) => (!filter.include || filter.include.includes(SORTS[each.kind]))
    && !(filter.exclude_external_shared_channels && each.kind === "shared") && !(filter.exclude_bot_users && each.kind === "app_dm");
  return [...store.channels.values()].filter((each) => fits(each) && !each.is_archived).map(channelOption);
}

/** How each kind of menu finds its options and names its value. */
const MENUS = {
  static: { one: "selected_option", many: "selected_options" },
  external: { one: "selected_option", many: "selected_options" },
  users: { one: "selected_user", many: "selected_users", all: PEOPLE },
  channels: { one: "selected_channel", many: "selected_channels", all: CHANNELS },
  conversations: { one: "selected_conversation", many: "selected_conversations", all: CONVERSATIONS },
};

function initial(element, kind, multiple, all) {
  const here = element.default_to_current_conversation && all?.some((option) => option.value === store.channel);
  const one = here ? store.channel : element[`initial_${kind.one.slice("selected_".length)}`];
  const many = element[`initial_${kind.many.slice("selected_".length)}`];
  const list = multiple ? many ?? (here ? [one] : []) : [one].filter(Boolean);
  return all ? list.map((id) => all.find((option) => option.value === id)).filter(Boolean) : list;
}

function menu(element, context) {
  const multiple = element.type.startsWith("multi_");
  const kindName = element.type.replace(/^multi_/, "").replace(/_select$/, "");
  const kind = MENUS[kindName];
  const all = kind.all?.(element);
  const shape = (list) => {
    const values = all ? list.map((option) => option.value) : list;
    return multiple ? { [kind.many]: values } : { [kind.one]: values[0] ?? null };
  };
  const old = before(element, context);
  let chosen = initial(element, kind, multiple, all);
  if (old) {
    const kept = multiple ? old[kind.many] ?? [] : [old[kind.one]].filter(Boolean);
    chosen = all ? all.filter((option) => kept.includes(option.value)) : kept;
  }
  enter(element, context, shape(chosen));
  const external = kindName === "external";
  const node = select({
    label: nameOf(element, context),
    placeholder: words(element.placeholder) || (multiple ? "Select options" : "Select an option"),
    source: external ? (text) => context.surface.options(context.blockId, element.action_id, text)
      : all ? { options: all } : element,
    external, minLength: Math.max(0, element.min_query_length ?? (external ? 3 : 0)), chosen, multiple,
    most: element.max_selected_items ?? Infinity,
    onchange: (list) => changed(element, context, shape(list)),
  });
  node.dataset.action = element.action_id;
  return node;
}

function textInput(element, context, type, read = (text) => text || null) {
  const start = before(element, context)?.value ?? element.initial_value ?? "";
  enter(element, context, { value: read(String(start)) });
  const triggers = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const id = uid("field");
  const properties = {
    id, class: "field", placeholder: words(element.placeholder) || null, "aria-label": nameOf(element, context),
    maxlength: element.max_length, minlength: element.min_length, value: String(start), "data-action": element.action_id,
    oninput: (event) => {
      const value = { value: read(event.target.value) };
      enter(element, context, value);
      if (context.dispatch && triggers.includes("on_character_entered")) act(element, context, value);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing || element.multiline || !context.dispatch) return;
      event.preventDefault();
      if (triggers.includes("on_enter_pressed")) act(element, context, { value: read(event.target.value) });
    },
  };
  if (element.multiline) return h("textarea", { ...properties, rows: "4" });
  return h("input", { ...properties, type, autocomplete: "off", ...numbers(element) });
}

function numbers(element) {
  if (element.type !== "number_input") return {};
  return { min: element.min_value, max: element.max_value, step: element.is_decimal_allowed ? "any" : "1", inputmode: "decimal" };
}

function choices(element, context) {
  const multiple = element.type === "checkboxes";
  const old = before(element, context);
  let chosen = multiple ? old?.selected_options ?? element.initial_options ?? []
    : [old ? old.selected_option : element.initial_option].filter(Boolean);
  const shape = () => (multiple ? { selected_options: chosen } : { selected_option: chosen[0] ?? null });
  enter(element, context, shape());
  const group = uid("group");
  return h("div", { class: "choices", role: multiple ? "group" : "radiogroup", "aria-label": nameOf(element, context) },
    (element.options ?? []).map((option) => h("label", { class: "choice" },
      h("input", {
        type: multiple ? "checkbox" : "radio", name: group, "data-action": element.action_id,
        checked: chosen.some((each) => each.value === option.value),
        onchange: (event) => {
          const others = multiple ? chosen.filter((each) => each.value !== option.value) : [];
          chosen = event.target.checked ? [...others, option] : others;
          changed(element, context, shape());
        },
      }),
      h("span", null, h("span", { class: "choice-text" }, inlineText(option.text)),
        option.description ? h("span", { class: "choice-detail" }, inlineText(option.description)) : null))));
}

/** The browser's own field for dates and times: "2026-11-16", "18:30" or null. */
function picker(type) {
  const [key, start] = [`selected_${type}`, `initial_${type}`];
  return (element, context) => {
    const value = (before(element, context) ?? { [key]: element[start] ?? null })[key];
    enter(element, context, { [key]: value });
    // As text an empty field can show its placeholder.
    return h("input", { type: value ? type : "text", class: "field picker", "aria-label": nameOf(element, context), value: value ?? "",
      placeholder: words(element.placeholder) || null, max: type === "date" ? "9999-12-31" : null,
      onfocus: (event) => { event.target.type = type; },
      onblur: (event) => { event.target.type = event.target.value ? type : "text"; },
      onchange: (event) => changed(element, context, { [key]: event.target.value || null }) });
  };
}

/** An image, if this server holds it; otherwise its alternative text, since nothing is asked of other hosts. */
export function image(element, className) {
  const src = localImage(element.image_url ?? element.slack_file?.url ?? "");
  if (src === null) return h("span", { class: `${className} image-missing`, title: element.alt_text }, element.alt_text || "Image");
  return h("img", { class: className, src, alt: element.alt_text ?? "", loading: "lazy" });
}

const BUILDERS = {
  button,
  overflow,
  checkboxes: choices,
  radio_buttons: choices,
  datepicker: picker("date"),
  timepicker: picker("time"),
  plain_text_input: (element, context) => textInput(element, context, "text"),
  email_text_input: (element, context) => textInput(element, context, "email"),
  url_text_input: (element, context) => textInput(element, context, "url"),
  number_input: (element, context) => textInput(element, context, "number"),
  image: (element) => image(element, "accessory-image"),
};
for (const kind of Object.keys(MENUS)) {
  BUILDERS[`${kind}_select`] = menu;
  BUILDERS[`multi_${kind}_select`] = menu;
}

/** Build any element; an unknown one says its type instead of vanishing. */
export function buildElement(element, context) {
  const make = BUILDERS[element?.type];
  return make ? make(element, context) : h("span", { class: "unknown" }, `[${element?.type ?? "element"}]`);
}
