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
 * @param {(waiting: number) => void} changed with how many documents wait or are read
 * @param {AbortSignal} signal
 * @returns {{ wake: () => void }} `wake` says that there is something to wait for
 */
export function watchQueue(kb, uploads, changed, signal) {
  let running = false;
  let wait = SOON;
  let seen = "";
  let skip = () => {};

  function wake() {
    wait = SOON;
    if (running) skip();
    else run();
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
      if (signal.aborted || (waiting === 0 && !uploads.unread().length && !uploads.unseen().length)) break;
      await new Promise((/** @type {(value?: any) => void} */ done) => {
        const timer = setTimeout(done, document.hidden ? HIDDEN : wait);
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
    const { waiting, jobs } = await get(path`/kbs/${kb}/queue`, { limit: 200 }, signal);
    const listed = new Set(jobs.map((/** @type {any} */ job) => job.document));
    uploads.settle(jobs);
    const unlisted = uploads.unread().filter((one) => !listed.has(one.document));
    for (const one of [...unlisted, ...uploads.unseen()].slice(0, SINGLE)) {
      const now = await get(path`/kbs/${kb}/documents/${one.document}`, {}, signal);
      uploads.settle([{ document: now.id, state: now.state, problem: now.problem }]);
      uploads.saw(now);
    }
    const now = JSON.stringify([waiting, jobs.map((/** @type {any} */ job) => [job.id, job.state])]);
    if (now !== seen) {
      seen = now;
      wait = SOON;
      changed(waiting);
    }
    return waiting;
  }

  signal.addEventListener("abort", () => skip());
  document.addEventListener("visibilitychange", () => !document.hidden && running && skip(), { signal });
  return { wake };
}
