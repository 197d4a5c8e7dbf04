// A short text beside what is pointed at or has the focus. Escape takes it away.

import { h, id } from "../core/dom.js";

const AWAY = 8;

/**
 * @param {HTMLElement} element can be pointed at, and have the focus
 * @param {string} text
 */
export function hint(element, text) {
  /** @type {HTMLElement | null} */
  let box = null;
  const name = id("hint");
  const away = () => {
    box?.remove();
    box = null;
    element.removeAttribute("aria-describedby");
  };
  const show = () => {
    if (box) return;
    /** @type {HTMLElement} */
    const made = h("div", { class: "hint", role: "tooltip", id: name }, text);
    box = made;
    document.body.append(made);
    element.setAttribute("aria-describedby", name);
    const [at, own] = [element.getBoundingClientRect(), made.getBoundingClientRect()];
    const above = at.bottom + AWAY + own.height > window.innerHeight;
    made.style.left = `${Math.max(AWAY, Math.min(at.left, window.innerWidth - own.width - AWAY))}px`;
    made.style.top = `${above ? Math.max(AWAY, at.top - AWAY - own.height) : at.bottom + AWAY}px`;
  };
  element.addEventListener("mouseenter", show);
  element.addEventListener("mouseleave", away);
  element.addEventListener("focus", show);
  element.addEventListener("blur", away);
  element.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && box) {
      event.stopPropagation();
      away();
    }
  });
  // Taken out of the page, as when the view is left or drawn anew, it is not told.
  const gone = new MutationObserver(() => {
    if (element.isConnected || !box) return;
    away();
    gone.disconnect();
  });
  gone.observe(document.body, { childList: true, subtree: true });
}
