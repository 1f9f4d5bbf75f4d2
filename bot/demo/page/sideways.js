// Boxes that scroll to the side inside themselves. A shadow at an edge says that there is more that way.

import { h } from "./dom.js";

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
