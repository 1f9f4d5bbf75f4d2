// Elements without markup: everything that comes from outside becomes a text node or a checked attribute.

const SVG = "http://www.w3.org/2000/svg";

/** Build an element. `on…` properties are listeners, `class` and `data-…`/`aria-…` are attributes,
 *  true is an empty attribute, null and false are left out. Strings among the children become text nodes. */
export function h(tag, properties = null, ...children) {
  const element = document.createElement(tag);
  set(element, properties);
  add(element, children);
  return element;
}

function set(element, properties) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled") element[name] = value;
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

/** Append children: nodes, text, nested arrays; empty ones are skipped. */
export function add(element, ...children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return element;
}

/** Replace all children. */
export function fill(element, ...children) {
  element.replaceChildren();
  return add(element, ...children);
}

/** An SVG drawing of [tag, attributes, text, tooltip] shapes; the last two may be left out. */
export function svg(viewBox, attributes, shapes) {
  const root = drawn("svg", { viewBox, "aria-hidden": "true", focusable: "false", ...attributes });
  for (const [tag, own, text, tooltip] of shapes) {
    const shape = drawn(tag, own, text);
    if (tooltip) shape.append(drawn("title", {}, tooltip));
    root.append(shape);
  }
  return root;
}

function drawn(tag, attributes, text = null) {
  const shape = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null) shape.setAttribute(name, value);
  }
  shape.textContent = text;
  return shape;
}

/** Only whole addresses that cannot run anything, and paths of this server; null for the rest. */
export function safeUrl(address) {
  if (!/^(https?:\/\/|mailto:|tel:|\/(?!\/))/i.test(address)) return null;
  try {
    const url = new URL(String(address), location.origin);
    return ["http:", "https:", "mailto:", "tel:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Whether an address may be shown as an image here: only what this server holds, so that nothing is told to others. */
export function localImage(address) {
  const href = safeUrl(address);
  return href !== null && new URL(href).origin === location.origin ? href : null;
}

/** A link that opens outside (or in place, when it is a permalink: main.js listens for those). */
export function link(address, ...children) {
  const href = safeUrl(address);
  if (href === null) return h("span", null, ...children);
  return h("a", { href, target: "_blank", rel: "noopener noreferrer", class: "link" }, ...children);
}

let counter = 0;

/** A new id for aria references. */
export function uid(prefix = "x") {
  counter += 1;
  return `${prefix}-${counter}`;
}

/** Call the function once things have been quiet for a while. */
export function debounce(wait, run) {
  let timer = 0;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => run(...values), wait);
  };
}

/** "1 reply", "2 replies". */
export function plural(count, one, many) {
  return `${count.toLocaleString("en-US")} ${count === 1 ? one : many}`;
}

const looks = new WeakMap();
const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) looks.get(target)?.();
});

/** Frame a scrolling box. It can be reached by keyboard only while there is something to scroll to. */
export function sideways(box, className = "") {
  const frame = h("div", { class: `sideways ${className}` }, box);
  const look = () => {
    const left = box.scrollLeft > 1;
    const right = box.scrollLeft + box.clientWidth < box.scrollWidth - 1;
    frame.classList.toggle("more-left", left);
    frame.classList.toggle("more-right", right);
    if (left || right || box.scrollHeight > box.clientHeight + 1) box.setAttribute("tabindex", "0");
    else if (document.activeElement !== box) box.removeAttribute("tabindex");
  };
  looks.set(box, look);
  box.addEventListener("scroll", look, { passive: true });
  sizes.observe(box);
  return frame;
}
