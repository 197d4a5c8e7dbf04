// A text of lines with their numbers beside them, and the lines that cannot be used named. Lines are
// not broken, so that a number stands beside each.

import { h, id, put } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import texts from "../text/words.js";

const t = speaks(texts);

/** @typedef {{ line: number, message: string }} Problem */

/** What the service says about a line, by what it begins or ends with. @type {[RegExp, string][]} */
const KNOWN = [
  [/^a group needs two/, "problemGroup"],
  [/^a word is missing/, "problemMissing"],
  [/^more than one =>/, "problemArrows"],
  [/^“(.*)” has punctuation/, "problemMarks"],
  [/^(\d+) words in one group; at most (\d+)/, "problemMany"],
  [/^the weight “(.*)” is not/, "problemWeight"],
  [/^“(.*)” is not a word of two/, "problemShort"],
  [/^larger than (\d+) MB/, "problemLarge"],
  [/^not UTF-8/, "problemUtf8"],
];

/** @param {string} message */
function inWords(message) {
  for (const [shape, name] of KNOWN) {
    const found = message.match(shape);
    if (found) return t(/** @type {any} */ (name), { a: found[1], b: found[2] });
  }
  return message;
}

/**
 * @param {{ name: string, value: string, readOnly: boolean, oninput: () => void, onsave: () => void }} about
 */
export function editor({ name, value, readOnly, oninput, onsave }) {
  const listId = id("problems");
  const gutter = h("div", { class: "editor-gutter", "aria-hidden": "true" });
  const area = h("textarea", {
    class: "editor-text", "aria-label": t("editor", { name }), wrap: "off", spellcheck: "false", autocapitalize: "off", rows: 12,
    readonly: readOnly, "aria-describedby": listId, onscroll: follow, onkeydown,
    oninput: () => {
      number();
      oninput();
    },
  });
  area.value = value;
  const list = h("div", { id: listId, class: "editor-problems", "aria-live": "polite" });
  /** @type {Map<number, string>} */
  let wrong = new Map();
  let numbered = "";
  number();

  function follow() {
    gutter.scrollTop = area.scrollTop;
  }

  /** @param {KeyboardEvent} event */
  function onkeydown(event) {
    if ((event.ctrlKey || event.metaKey) && event.key === "s") {
      event.preventDefault();
      if (!readOnly) onsave();
    }
  }

  /** Draws the numbers, if there are others than before. */
  function number() {
    const count = area.value.split("\n").length;
    const now = `${count}:${[...wrong.keys()].join()}`;
    if (now === numbered) return;
    numbered = now;
    const lines = [];
    for (let line = 1; line <= count; line += 1) {
      lines.push(h("span", { class: wrong.has(line) ? "is-wrong" : undefined, title: wrong.get(line) }, wrong.has(line) ? `! ${line}` : line));
    }
    put(gutter, lines);
    follow();
  }

  /** @param {number} line from 1 */
  function goTo(line) {
    const lines = area.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    area.focus();
    area.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
    area.scrollTop = Math.max(0, (line - 4) * (area.scrollHeight / Math.max(lines.length, 1)));
  }

  return {
    element: h("div", { class: "editor" }, h("div", { class: "editor-box" }, gutter, area), list),
    value: () => area.value,
    /** @param {string} text */
    set(text) {
      area.value = text;
      number();
    },
    focus: () => area.focus(),
    /** Names the lines that cannot be used. @param {Problem[]} problems */
    problems(problems) {
      wrong = new Map(problems.filter((one) => one.line > 0).map((one) => [one.line, inWords(one.message)]));
      number();
      put(list, problems.length > 0 && [
        h("p", { class: "editor-problems-head" }, t("problems", { n: problems.length })),
        h("ul", null, ...problems.slice(0, 20).map((one) => h("li", null,
          one.line > 0 ? button(t("line", { n: one.line }), () => goTo(one.line), { small: true, look: "quiet" }) : h("span", null, t("whole")),
          h("span", null, inWords(one.message))))),
      ]);
    },
  };
}
