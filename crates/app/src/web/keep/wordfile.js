// One file of words as a card: its editor, how it is written, saving without losing what others wrote.

import { Failure, path, putText, taggedText } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button, busy } from "../parts/button.js";
import { notice, toast } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/words.js";
import { editor } from "./editor.js";

const t = speaks(texts);
const c = speaks(common);

/**
 * @typedef {"synonyms" | "dictionary"} File
 * @typedef {{ text: string, tag: string }} Saved
 */

/** How each file is written: an example, and what it means. @type {Record<File, [string, string][]>} */
const FORMATS = {
  synonyms: [["exampleGroup", "formatGroup"], ["exampleNames", "formatNames"], ["exampleOneWay", "formatOneWay"], ["exampleComment", "formatComment"]],
  dictionary: [["exampleWord", "formatWord"], ["exampleWeight", "formatWeight"], ["exampleComment", "formatComment"]],
};

/** What was not saved when the view was left. @type {Map<string, { text: string, saved: Saved }>} */
const drafts = new Map();

/** Whether anything was edited and not saved. */
export function isUnsaved() {
  return drafts.size > 0;
}

/**
 * @param {{ kb: string, file: File, found: Saved, readOnly: boolean, onchange: () => void }} about
 */
export function wordFile({ kb, file, found, readOnly, onchange }) {
  const key = `${kb}/${file}`;
  const draft = drafts.get(key);
  let saved = draft?.saved ?? found;
  const name = t(file);
  const badge = h("span", { class: "badge is-warning", hidden: true }, t("unsaved"));
  const problem = h("div", { class: "stack is-tight", role: "alert" });
  const resumed = draft ? notice("info", t("draft")) : null;
  const save = button(c("save"), store, { look: "primary" });
  const discard = button(t("discard"), giveUp, { look: "quiet" });
  const text = editor({ name, value: draft?.text ?? saved.text, readOnly, oninput: changed, onsave: store });
  const element = h("section", { class: "card stack is-tight" },
    h("div", { class: "row" }, h("h2", null, name), badge),
    h("p", { class: "help" }, t(/** @type {any} */ (`${file}What`))),
    resumed,
    text.element, problem,
    !readOnly && h("div", { class: "row" }, save, discard),
    h("dl", { class: "formats", "aria-label": t("format") }, ...FORMATS[file].map(([example, means]) => h("div", null,
      h("dt", null, h("code", null, t(/** @type {any} */ (example)))), h("dd", null, t(/** @type {any} */ (means)))))));
  changed();

  function isDirty() {
    return text.value() !== saved.text;
  }

  function changed() {
    const dirty = isDirty();
    if (dirty) drafts.set(key, { text: text.value(), saved });
    else drafts.delete(key);
    badge.hidden = !dirty;
    if (!dirty) resumed?.remove();
    save.disabled = !dirty;
    discard.hidden = !dirty;
    onchange();
  }

  async function store() {
    if (!isDirty()) return;
    put(problem);
    try {
      const { problems } = await busy(save, async () => {
        const done = await putText(path`/kbs/${kb}/${file}`, text.value(), saved.tag);
        saved = await taggedText(path`/kbs/${kb}/${file}`);
        return done;
      });
      changed();
      text.problems(problems);
      toast(problems.length ? t("savedWithProblems", { name, n: problems.length }) : t("saved", { name }));
    } catch (error) {
      if (error instanceof Failure && error.code === "precondition_failed") await meet();
      else put(problem, notice("danger", inWords(error)));
    }
    changed();
  }

  function giveUp() {
    const was = text.value();
    replace(saved.text);
    text.focus();
    toast(t("discarded"), { label: c("undo"), then: () => replace(was) });
  }

  /** @param {string} value */
  function replace(value) {
    text.set(value);
    put(problem);
    changed();
  }

  /** Somebody else saved meanwhile: shows what they did, to be taken over. */
  async function meet() {
    try {
      const theirs = await taggedText(path`/kbs/${kb}/${file}`);
      const { added, removed } = difference(saved.text, theirs.text);
      const lines = (/** @type {string} */ title, /** @type {string[]} */ all, /** @type {string} */ sign) => all.length > 0 && h("div", null,
        h("p", null, title), h("ul", { class: "diff" }, ...all.slice(0, 12).map((line) => h("li", null, h("code", null, `${sign} ${line}`)))));
      put(problem, notice("warning", h("strong", null, t("conflict")),
        lines(t("conflictAdded", { n: added.length }), added, "+"), lines(t("conflictRemoved", { n: removed.length }), removed, "−"),
        !added.length && !removed.length && h("p", null, t("conflictSame")),
        h("div", { class: "row" },
          button(t("merge"), () => {
            const mine = merged(text.value(), added, removed);
            saved = theirs;
            replace(mine);
            toast(t("merged"));
            text.focus();
          }, { look: "primary", small: true }),
          button(t("useTheirs"), () => {
            const was = text.value();
            saved = theirs;
            replace(theirs.text);
            toast(t("discarded"), { label: c("undo"), then: () => replace(was) });
          }, { small: true }))));
    } catch (error) {
      put(problem, notice("danger", inWords(error)));
    }
  }

  return {
    element,
    value: text.value,
    isDirty,
    problems: text.problems,
  };
}

/** The lines that one text has and the other has not. @param {string} before @param {string} after */
export function difference(before, after) {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const has = (/** @type {string[]} */ all) => {
    const known = new Set(all.map((line) => line.trim()));
    return (/** @type {string} */ line) => line.trim() !== "" && !known.has(line.trim());
  };
  return { added: now.filter(has(old)), removed: old.filter(has(now)) };
}

/** @param {string} mine @param {string[]} added @param {string[]} removed */
export function merged(mine, added, removed) {
  const away = new Set(removed.map((line) => line.trim()));
  const own = mine.split("\n").filter((line) => !line.trim() || !away.has(line.trim()));
  const known = new Set(own.map((line) => line.trim()));
  while (own.length && !own[own.length - 1].trim()) own.pop();
  return `${[...own, ...added.filter((line) => !known.has(line.trim()))].join("\n")}\n`;
}
