// What stands around every view: the name, the knowledge base, the ways to the views.

import { h, put } from "../core/dom.js";
import { go, here, link } from "../core/router.js";
import { kbName, kbs, may, me, usualKb } from "../core/state.js";
import { chosen, speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { icon } from "../parts/icon.js";
import { toastRegion } from "../parts/notice.js";
import texts from "../text/shell.js";

const t = speaks(texts);

/** @typedef {import("../parts/icon.js").IconName} IconName */

/** The views of a knowledge base, in the order that they are used. @type {[string, IconName][]} */
const OF_KB = [["ask", "ask"], ["documents", "documents"], ["measure", "measure"], ["explain", "explain"],
  ["review", "review"], ["words", "words"], ["settings", "edit"]];
/** Those of the service. @type {[string, IconName][]} */
const OF_ALL = [["bases", "bases"], ["keys", "key"], ["system", "system"]];

/**
 * Draws the shell; gives the main part, which views fill.
 * @param {HTMLElement} app
 * @param {{ language: () => void, theme: () => void, key: () => void, again: () => void }} then
 * @returns {HTMLElement}
 */
export function drawShell(app, then) {
  const main = h("main", { id: "main", tabindex: -1 });
  const nav = h("nav", { "aria-label": t("views") });
  const side = h("aside", { class: "side", id: "side", "aria-label": t("menu") },
    h("a", { class: "brand", href: "#/" }, h("span", { class: "seal", "aria-hidden": "true" }, "原"), h("span", null, t("product"))),
    h("div", { class: "side-kb" }), nav, foot(then));
  const menu = button(t("menu"), () => opened(!side.classList.contains("is-open")),
    { icon: "menu", look: "quiet", iconOnly: true, about: { "aria-expanded": "false", "aria-controls": "side" } });
  const veil = h("div", { class: "veil", hidden: true, onclick: () => opened(false) });
  const top = h("header", { class: "top" }, menu, h("span", { class: "top-name" }));
  put(app,
    h("a", { class: "skip", href: "#main", onclick: (/** @type {Event} */ event) => {
      event.preventDefault();
      main.focus();
    } }, t("skip")),
    top, side, veil, main, toastRegion());

  /** @param {boolean} open */
  function opened(open) {
    side.classList.toggle("is-open", open);
    menu.setAttribute("aria-expanded", String(open));
    veil.hidden = !open;
    if (open) side.querySelector("a")?.focus();
  }
  side.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && side.classList.contains("is-open")) {
      opened(false);
      menu.focus();
    }
  });
  drawShell.current = (place) => {
    opened(false);
    const kb = place.path[0] === "kb" ? place.path[1] : usualKb();
    const name = place.path[0] === "kb" ? place.path[2] : place.path[0];
    put(/** @type {Element} */ (side.querySelector(".side-kb")), kb && chooser(kb, name ?? "ask"));
    put(nav, kb && group(OF_KB, (view) => link(["kb", kb, view]), name),
      may("admin") && h("p", { class: "nav-head" }, t("administration")),
      may("admin") && group(OF_ALL, (view) => link([view]), name));
    put(/** @type {Element} */ (top.querySelector(".top-name")), kb ? kbName(kb) : t("product"));
  };
  drawShell.current(here());
  return main;
}

/** Shows in the shell which view is open. @type {(place: import("../core/router.js").Place) => void} */
drawShell.current = () => {};

/** @param {[string, IconName][]} views @param {(view: string) => string} to @param {string | undefined} current */
function group(views, to, current) {
  return h("ul", null, ...views.map(([view, picture]) => h("li", null,
    h("a", { href: to(view), "aria-current": view === current ? "page" : undefined }, icon(picture), t(/** @type {any} */ (view))))));
}

/** Chooses the knowledge base. @param {string} kb @param {string} view */
function chooser(kb, view) {
  const all = kbs();
  if (all.length < 2) return h("p", { class: "one-kb" }, kbName(kb));
  const stay = OF_KB.some(([name]) => name === view) ? view : "ask";
  return h("label", null, h("span", { class: "unseen" }, t("kb")),
    h("select", { onchange: (/** @type {any} */ event) => go(link(["kb", event.target.value, stay])) },
      ...all.map((one) => h("option", { value: one.id, selected: one.id === kb }, one.name || one.id))));
}

/** @param {{ language: () => void, theme: () => void, key: () => void }} then */
function foot(then) {
  const small = /** @type {const} */ ({ look: "quiet", small: true });
  return h("div", { class: "side-foot" },
    button(chosen() === "zh" ? "English" : "中文", then.language, { ...small, icon: "language", about: { lang: chosen() === "zh" ? "en" : "zh-Hans" } }),
    button(t("theme"), then.theme, { ...small, icon: "moon", iconOnly: true }),
    me().keys && button(t("key"), then.key, { ...small, icon: "key", iconOnly: true }),
  );
}
