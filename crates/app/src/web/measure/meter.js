// A bar beside its figure.

import { h } from "../core/dom.js";
import { number } from "../core/format.js";

/** @param {number} share of the whole bar @param {string} [look] a class more */
export function meter(share, look = "") {
  return h("span", { class: `bar${look}`, "aria-hidden": "true" }, h("span", { style: { width: `${(100 * Math.max(0, Math.min(1, share))).toFixed(1)}%` } }));
}

/** To two places, never as a negative nothing. @param {number} value */
export function decimal(value) {
  return Math.abs(value) < 0.005 ? number(0, 2) : number(value, 2).replace("-", "−");
}
