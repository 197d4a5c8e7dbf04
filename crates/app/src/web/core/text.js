// What a person reads, in the language that was chosen. Each surface has its texts in a file of
// `text/`, both languages beside each other.

import { kept, keep } from "./kept.js";

/** @typedef {"zh" | "en"} Language */

/** @type {Language} */
let language = kept("language") === "en" ? "en" : "zh";
document.documentElement.lang = language === "en" ? "en" : "zh-Hans";

/** @returns {Language} */
export function chosen() {
  return language;
}

/** Chooses a language; who shows something has to show it anew. @param {Language} wanted */
export function choose(wanted) {
  language = wanted;
  keep("language", wanted);
  document.documentElement.lang = wanted === "en" ? "en" : "zh-Hans";
}

/**
 * The texts of a surface as a function: `t("name", {n: 3})` puts 3 for `{n}`. In English
 * `{n|page|pages}` chooses by number.
 * @template {Record<string, string>} T
 * @param {{ zh: T, en: Record<keyof T, string> }} texts
 * @returns {(name: keyof T & string, values?: Record<string, any>) => string}
 */
export function speaks(texts) {
  return (name, values = {}) => {
    const text = texts[language][name] ?? texts.zh[name] ?? name;
    return text.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (_, key, one, many) => {
      const value = values[key];
      if (one === undefined) return value ?? "";
      return Number(value) === 1 ? one : many;
    });
  };
}
