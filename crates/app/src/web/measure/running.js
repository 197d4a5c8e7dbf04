// Evaluations that are under way. The service answers when all questions are done; meanwhile a
// person may look at other views, so what runs is kept here and not in a view.

import { path, post } from "../core/api.js";
import { number } from "../core/format.js";
import { go, link } from "../core/router.js";
import { speaks } from "../core/text.js";
import { toast } from "../parts/notice.js";
import texts from "../text/measure.js";

const t = speaks(texts);

/**
 * @typedef {{ began: number, questions: number, stop: () => void, done: Promise<import("./figures.js").Run> }} Running
 */

/** By knowledge base: it changes while one runs in it, so one at a time. @type {Map<string, Running>} */
const all = new Map();

/** What runs in a knowledge base. @param {string} kb */
export const running = (kb) => all.get(kb);

/**
 * Begins one. `done` gives the finished run, or fails.
 * @param {string} kb @param {Record<string, any>} body @param {number} questions
 * @returns {Running}
 */
export function begin(kb, body, questions) {
  const stop = new AbortController();
  const done = post(path`/kbs/${kb}/evaluations`, body, stop.signal).finally(() => all.delete(kb));
  const own = { began: Date.now(), questions, stop: () => stop.abort(), done };
  all.set(kb, own);
  done.then((run) => toast(t("finished", { score: number(run.report.bdci ?? 0, 1) }),
    { label: t("open"), then: () => go(link(["kb", kb, "measure", run.id])) }), () => {});
  return own;
}
