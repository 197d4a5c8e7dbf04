// Asks how far the service has come with what it reads: often while something happens, seldom while
// nothing does, not at all once all is read or the view is left.

import { get, path } from "../core/api.js";

const SOON = 700;
const LATE = 6000;
/** While nobody looks at the window, in milliseconds. */
const HIDDEN = 15_000;
/** So many documents that the queue does not list any more are asked for one by one. */
const SINGLE = 8;

/**
 * @param {string} kb
 * @param {import("./uploads.js").Uploads} uploads
 * @param {() => void} changed called when something has come further
 * @param {AbortSignal} signal
 * @returns {{ wake: () => void }} `wake` says that there is something to wait for
 */
export function watchQueue(kb, uploads, changed, signal) {
  let running = false;
  let wait = SOON;
  let seen = "";
  let due = 0;
  let skip = () => {};

  function wake() {
    wait = SOON;
    if (!running) run();
    else if (due - Date.now() > SOON) skip();
  }

  async function run() {
    running = true;
    while (!signal.aborted) {
      let waiting = 1;
      try {
        waiting = await ask();
      } catch {
        // The list says what is wrong with the service; here it is only tried again, later.
        wait = LATE;
      }
      if (signal.aborted || (waiting === 0 && !uploads.unread().length)) break;
      await new Promise((/** @type {(value?: any) => void} */ done) => {
        const pause = document.hidden ? HIDDEN : wait;
        due = Date.now() + pause;
        const timer = setTimeout(done, pause);
        skip = () => {
          clearTimeout(timer);
          done();
        };
      });
      wait = Math.min(wait * 1.4, LATE);
    }
    running = false;
  }

  async function ask() {
    const before = uploads.unread();
    const { waiting, jobs } = await get(path`/kbs/${kb}/queue`, { limit: 200 }, signal);
    const listed = new Set(jobs.map((/** @type {any} */ job) => job.document));
    uploads.settle(jobs);
    const unlisted = before.filter((one) => !listed.has(one.document) && uploads.unread().includes(one));
    for (const one of unlisted.slice(0, SINGLE)) uploads.settle([await single(/** @type {string} */ (one.document))]);
    if (!uploads.unread().length && !uploads.areSending() && uploads.unseen().length) await look();
    const now = JSON.stringify([waiting, jobs.map((/** @type {any} */ job) => [job.id, job.state])]);
    if (now !== seen) {
      seen = now;
      wait = SOON;
      changed();
    }
    return waiting;
  }

  /** How far one document has come; somebody may have deleted it. @param {string} id */
  async function single(id) {
    try {
      const { state, problem } = await get(path`/kbs/${kb}/documents/${id}`, {}, signal);
      return { document: id, state, problem };
    } catch (error) {
      if (/** @type {any} */ (error).code !== "document_not_found") throw error;
      return { document: id, state: "cancelled", problem: null };
    }
  }

  /** Once all is read: what came of it, by the list of what was changed last. */
  async function look() {
    const all = [];
    let cursor;
    do {
      const page = await get(path`/kbs/${kb}/documents`, { sort: "modified", order: "desc", limit: 500, cursor }, signal);
      all.push(...page.documents);
      cursor = page.next_cursor;
    } while (cursor && all.length < uploads.unseen().length);
    uploads.saw(all);
  }

  signal.addEventListener("abort", () => skip());
  document.addEventListener("visibilitychange", () => !document.hidden && running && skip(), { signal });
  return { wake };
}
