// What is said beside the thing that it is about, what is said in passing at the edge of the
// window, and what stands where there is nothing yet.

import { h, put } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import texts from "../text/common.js";
import { button } from "./button.js";
import { icon } from "./icon.js";

const t = speaks(texts);

/** @param {"info" | "good" | "warning" | "danger"} sort @param {...any} words */
export function notice(sort, ...words) {
  const picture = /** @type {const} */ ({ info: "info", good: "check", warning: "warning", danger: "warning" })[sort];
  return h("div", { class: `notice is-${sort}` }, icon(picture), h("div", null, ...words));
}

const SHOWN = 6000;
const SHOWN_WITH_ACTION = 12_000;

/** @type {HTMLElement | null} */
let toasts = null;

/** The place of what is said in passing, announced by screen readers. */
export function toastRegion() {
  toasts = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  return toasts;
}

/**
 * Says something in passing; with an action it stays longer, and as long as it is pointed at.
 * @param {string} words
 * @param {{ label: string, then: () => any } | null} [action]
 */
export function toast(words, action = null) {
  if (!toasts) return;
  const away = () => box.remove();
  const box = h("div", { class: "toast" },
    h("span", null, words),
    action && button(action.label, () => {
      away();
      action.then();
    }, { small: true }),
    button(t("close"), away, { icon: "close", look: "quiet", small: true, iconOnly: true }));
  toasts.append(box);
  const later = () => setTimeout(away, action ? SHOWN_WITH_ACTION : SHOWN);
  let waiting = later();
  box.addEventListener("mouseenter", () => clearTimeout(waiting));
  box.addEventListener("mouseleave", () => (waiting = later()));
  box.addEventListener("focusin", () => clearTimeout(waiting));
}

/** Says in passing that something failed. @param {unknown} error */
export function toastFailure(error) {
  toast(inWords(error));
}

/** Where there is nothing: what would be here, and what to do. @param {string} title @param {any} [words] @param {...any} actions */
export function empty(title, words, ...actions) {
  return h("div", { class: "empty" }, h("h2", null, title), words && h("p", null, words),
    actions.length > 0 && h("div", { class: "row is-centred" }, ...actions));
}

/** Shown while something is on its way, if that takes long enough to be seen. */
export function loading() {
  return h("div", { class: "loading", role: "status" }, h("span", { class: "unseen" }, t("loading")));
}

/**
 * Fills a place with what is on its way; a failure is said there, with a way to try again.
 * @param {Element} place
 * @param {() => Promise<any>} work gives what to show
 */
export async function load(place, work) {
  put(place, loading());
  try {
    put(place, await work());
  } catch (error) {
    if (/** @type {any} */ (error).code === "aborted") return;
    put(place, notice("danger", h("p", null, inWords(error)),
      button(t("again"), () => load(place, work), { small: true })));
  }
}
