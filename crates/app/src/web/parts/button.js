// Buttons and links that look like them.

import { h } from "../core/dom.js";
import { icon } from "./icon.js";

/**
 * @typedef {object} ButtonOptions
 * @property {import("./icon.js").IconName} [icon]
 * @property {"plain" | "primary" | "danger" | "quiet"} [look] `plain` if not said
 * @property {boolean} [small]
 * @property {boolean} [iconOnly] the label is its name alone
 * @property {boolean} [submit]
 * @property {boolean} [disabled]
 * @property {string} [title]
 * @property {Record<string, any>} [about] more attributes
 */

/** @param {string} label @param {((event: MouseEvent) => void) | null} then @param {ButtonOptions} [options] @returns {HTMLButtonElement} */
export function button(label, then, options = {}) {
  const about = { type: options.submit ? "submit" : "button", disabled: options.disabled, onclick: then ?? (() => {}) };
  return h("button", { ...about, ...shape(label, options) }, ...inside(label, options));
}

/** @param {string} label @param {string} to @param {ButtonOptions} [options] @returns {HTMLAnchorElement} */
export function linkButton(label, to, options = {}) {
  return h("a", { href: to, ...shape(label, options) }, ...inside(label, options));
}

/** @param {string} label @param {ButtonOptions} options */
function shape(label, options) {
  const classes = ["button", `is-${options.look ?? "plain"}`, options.small && "is-small", options.iconOnly && "is-icon"];
  return {
    class: classes.filter(Boolean).join(" "),
    title: options.title ?? (options.iconOnly ? label : undefined),
    "aria-label": options.iconOnly ? label : undefined,
    ...options.about,
  };
}

/** @param {string} label @param {ButtonOptions} options */
function inside(label, options) {
  const picture = options.icon && icon(options.icon, options.small ? 16 : 18);
  return [picture, !options.iconOnly && h("span", null, label)];
}

/**
 * Does something slow behind a button: it cannot be pressed meanwhile, and says that it works.
 * @template T
 * @param {HTMLButtonElement} pressed
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function busy(pressed, work) {
  pressed.disabled = true;
  pressed.setAttribute("aria-busy", "true");
  try {
    return await work();
  } finally {
    pressed.disabled = false;
    pressed.removeAttribute("aria-busy");
  }
}
