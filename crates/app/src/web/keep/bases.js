import { h, put } from "../core/dom.js";

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  put(main, h("h1", { tabindex: -1 }, context.kb));
}
