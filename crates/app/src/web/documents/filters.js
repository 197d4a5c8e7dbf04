// What the list is restricted to and how it is ordered.

import { h, id, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { icon } from "../parts/icon.js";
import texts from "../text/documents.js";
import { FORMATS, KINDS, restrictions, SORTS, STATES, usualOrder } from "./asked.js";

const t = speaks(texts);

/** @typedef {import("./asked.js").Asked} Asked */
/** @typedef {Record<"state" | "kind" | "format", Record<string, number>>} Counts */

/** A person has stopped typing, in milliseconds. */
const TYPED = 300;

/**
 * @param {Asked} asked
 * @param {(wanted: Partial<Asked>) => void} change
 */
export function filters(asked, change) {
  const state = chooser("state", STATES, asked, change);
  const kind = chooser("kind", KINDS, asked, change);
  const format = chooser("format", FORMATS, asked, change);
  const search = written("search", "q", asked, change);
  const period = written("text", "period", asked, change);
  const warned = h("input", { type: "checkbox", id: id("warned"), checked: asked.warned, onchange: () => change({ warned: warned.checked }) });
  const sort = h("select", { "aria-label": t("sort"), onchange: () => change({ sort: sort.value, order: usualOrder(sort.value) }) },
    ...SORTS.map((one) => h("option", { value: one }, t(`sort_${one}`))));
  const more = h("div", { class: "docs-more-filters", id: id("filters") }, state.element, kind.element, format.element,
    h("div", { class: "docs-period" }, period),
    h("div", { class: "field is-check" }, warned, h("label", { for: warned.id }, t("warnedOnly"))));
  const toggle = button(t("filter"), () => {
    const open = more.classList.toggle("is-open");
    toggle.setAttribute("aria-expanded", String(open));
  }, { about: { "aria-expanded": "false", "aria-controls": more.id } });
  toggle.classList.add("docs-filter-toggle");
  const label = /** @type {Element} */ (toggle.querySelector("span"));
  const element = h("div", { class: "docs-filters", role: "search", "aria-label": t("filter") },
    h("div", { class: "docs-search" }, icon("search"), search), toggle, more);

  return {
    element,
    /** Chooses the order; it stands with the list. */
    order: h("div", { class: "docs-sort", title: t("sort") }, icon("sort"), sort),
    /** Shows what is chosen and how many there are of each. @param {Asked} now @param {Counts | null} counts */
    draw(now, counts) {
      for (const one of [state, kind, format]) one.draw(now, counts);
      warned.checked = now.warned;
      sort.value = now.sort;
      if (document.activeElement !== search) search.value = now.q;
      if (document.activeElement !== period) period.value = now.period;
      const set = restrictions(now);
      put(label, set ? t("filterSet", { n: set }) : t("filter"));
    },
  };
}

/** @param {"state" | "kind" | "format"} name @param {readonly string[]} choices @param {Asked} asked @param {(wanted: Partial<Asked>) => void} change */
function chooser(name, choices, asked, change) {
  const element = h("select", { "aria-label": t(name), onchange: () => change({ [name]: element.value }) });
  return {
    element,
    /** @param {Asked} now @param {Counts | null} counts */
    draw(now, counts) {
      const some = choices.filter((one) => one === now[name] || !counts || counts[name]?.[one]);
      const count = (/** @type {string} */ one) => (counts ? ` (${number(counts[name]?.[one] ?? 0)})` : "");
      put(element, h("option", { value: "" }, t(`every_${name}`)),
        ...some.map((one) => h("option", { value: one, selected: one === now[name] }, t(/** @type {any} */ (`${name}_${one}`)) + count(one))));
      element.classList.toggle("is-set", now[name] !== "");
    },
  };
}

/** @param {string} type @param {"q" | "period"} name @param {Asked} asked @param {(wanted: Partial<Asked>) => void} change */
function written(type, name, asked, change) {
  let waiting = 0;
  const input = h("input", {
    type, value: asked[name], placeholder: t(`${name}_placeholder`), "aria-label": t(`${name}_label`), autocomplete: "off",
    oninput: () => {
      clearTimeout(waiting);
      waiting = window.setTimeout(() => change({ [name]: input.value.trim() }), TYPED);
    },
  });
  return input;
}
