// Fields of forms, each with its label and what helps to fill it in.

import { h, id } from "../core/dom.js";

/**
 * @typedef {object} FieldOptions
 * @property {string} [help]
 * @property {Record<string, any>} [about] attributes of the input
 */

/** @param {string} label @param {any} input @param {string} [help] */
export function field(label, input, help) {
  const name = input.id || id("field");
  input.id = name;
  const helping = help && h("p", { class: "help", id: `${name}-help` }, help);
  if (helping) input.setAttribute("aria-describedby", helping.id);
  return h("div", { class: "field" }, h("label", { for: name }, label), input, helping);
}

/** @param {string} label @param {FieldOptions} [options] */
export function textField(label, { help, about } = {}) {
  return field(label, h("input", { type: "text", autocomplete: "off", ...about }), help);
}

/** @param {string} label @param {FieldOptions} [options] */
export function areaField(label, { help, about } = {}) {
  return field(label, h("textarea", { rows: 4, ...about }), help);
}

/**
 * @param {string} label
 * @param {[value: string, shown: string][]} choices
 * @param {FieldOptions & { chosen?: string }} [options]
 */
export function selectField(label, choices, { help, about, chosen } = {}) {
  const option = (/** @type {[string, string]} */ [value, shown]) => h("option", { value, selected: value === chosen }, shown);
  return field(label, h("select", about, ...choices.map(option)), help);
}

/** @param {string} label @param {FieldOptions & { checked?: boolean }} [options] */
export function checkField(label, { help, about, checked } = {}) {
  const name = id("check");
  return h("div", { class: "field is-check" },
    h("input", { type: "checkbox", id: name, checked, ...about }),
    h("label", { for: name }, label), help && h("p", { class: "help" }, help));
}
