// Files on their way into a knowledge base: a few are sent at a time, then the service reads them in
// its own time. They go on while another view is shown; only closing the page ends them.

import { Failure, path, post, upload, withParams } from "../core/api.js";
import { me } from "../core/state.js";

/**
 * @typedef {"queued" | "sending" | "waiting" | "reading" | "indexing" | "searchable" | "failed" | "cancelled"} Stage
 * @typedef {object} Upload
 * @property {string} name
 * @property {File} file
 * @property {Stage} stage
 * @property {number} share of it that was sent
 * @property {string | null} problem why the service could not read it, or what of it
 * @property {unknown} failure why it could not be sent
 * @property {string | null} document
 * @property {boolean} isUpdate whether there was a document of this name
 * @property {import("./types.js").Content | null} content what was read of it
 * @property {boolean} isSeen whether that is known
 * @property {AbortController} stop
 */

/** So many files are sent at a time. */
const AT_ONCE = 3;
/** A busy service is tried again so many times, after 1, 2, 4 … seconds. */
const TRIES = 6;
const BUSY = new Set(["rate_limited", "overloaded", "kb_busy"]);

/** @type {Map<string, ReturnType<typeof make>>} */
const known = new Map();

/** The uploads of a knowledge base. @param {string} kb */
export function uploadsOf(kb) {
  const all = known.get(kb) ?? make(kb);
  known.set(kb, all);
  return all;
}

/** @typedef {ReturnType<typeof make>} Uploads */

/** @param {string} kb */
function make(kb) {
  /** @type {Upload[]} */
  let all = [];
  /** @type {Set<() => void>} */
  const told = new Set();
  const tell = () => told.forEach((then) => then());

  function next() {
    const free = AT_ONCE - all.filter((one) => one.stage === "sending").length;
    all.filter((one) => one.stage === "queued").slice(0, Math.max(0, free)).forEach(send);
    window.onbeforeunload = [...known.values()].some((uploads) => uploads.areSending()) ? (event) => event.preventDefault() : null;
    tell();
  }

  /** @param {Upload} one */
  async function send(one) {
    Object.assign(one, { stage: "sending", share: 0, failure: null, problem: null, content: null, isSeen: false, stop: new AbortController() });
    try {
      const [document] = (await insistently(one, kb, tell)).documents;
      Object.assign(one, { stage: document.state, document: document.id, isUpdate: document.content !== null });
    } catch (error) {
      const cancelled = one.stop.signal.aborted;
      Object.assign(one, { stage: cancelled ? "cancelled" : "failed", failure: cancelled ? null : error });
    }
    next();
  }

  return {
    /** @returns {readonly Upload[]} */
    all: () => all,
    areSending: () => all.some((one) => one.stage === "queued" || one.stage === "sending"),
    /** Those that the service has and has not read. */
    unread: () => all.filter((one) => one.stage === "waiting" || one.stage === "reading" || one.stage === "indexing"),
    /** Those that were read, and of which is not known yet what came out. */
    unseen: () => all.filter((one) => one.stage === "searchable" && !one.isSeen),

    /** @param {import("./drop.js").Given[]} files */
    add(files) {
      const names = new Set(files.map((one) => one.name));
      all = all.filter((one) => !(names.has(one.name) && isOver(one)));
      all.push(...files.map(({ name, file }) => ({
        name, file, stage: /** @type {Stage} */ ("queued"), share: 0, problem: null, failure: null, document: null,
        isUpdate: false, content: null, isSeen: false, stop: new AbortController(),
      })));
      next();
    },

    /** Gives up what was not sent yet. @param {readonly Upload[]} some */
    cancel(some) {
      for (const one of some) {
        if (one.stage === "queued") one.stage = "cancelled";
        if (one.stage === "sending") one.stop.abort();
      }
      next();
    },

    /** Sends again what did not arrive, lets read again what could not be read. @param {readonly Upload[]} some */
    async retry(some) {
      const unread = some.filter((one) => one.document && one.stage === "failed");
      for (const one of some) {
        if (!one.document && (one.stage === "failed" || one.stage === "cancelled")) one.stage = "queued";
      }
      next();
      for (const one of unread) {
        try {
          await post(path`/kbs/${kb}/documents/${one.document}/read`);
          Object.assign(one, { stage: "waiting", problem: null });
        } catch (error) {
          one.failure = error;
        }
      }
      tell();
    },

    /** Forgets what is over. */
    clear() {
      all = all.filter((one) => !isOver(one));
      tell();
    },

    /** What became of documents. @param {{ document: string, state: string, problem: string | null }[]} jobs the latest first */
    settle(jobs) {
      const latest = new Map([...jobs].reverse().map((job) => [job.document, job]));
      for (const one of this.unread()) {
        const job = latest.get(one.document ?? "");
        if (job) Object.assign(one, { stage: job.state, problem: job.problem });
      }
      tell();
    },

    /** What was read of documents; the others are not asked for again. @param {import("./types.js").Doc[]} documents */
    saw(documents) {
      const contents = new Map(documents.map((one) => [one.id, one.content]));
      for (const one of this.unseen()) Object.assign(one, { content: contents.get(one.document ?? "") ?? null, isSeen: true });
      tell();
    },

    /** @param {() => void} then @param {AbortSignal} signal */
    onChange(then, signal) {
      told.add(then);
      signal.addEventListener("abort", () => told.delete(then));
    },
  };
}

/** @param {Upload} one */
export function isOver(one) {
  return one.stage === "searchable" || one.stage === "failed" || one.stage === "cancelled";
}

/** Sends a file, waiting where the service is busy. @param {Upload} one @param {string} kb @param {() => void} tell */
async function insistently(one, kb, tell) {
  if (one.file.size === 0) throw new Failure("empty_body", "");
  const most = me().upload_limit;
  if (one.file.size > most) throw new Failure("body_too_large", "", 413, { bytes: most });
  for (let turn = 0; ; turn += 1) {
    try {
      return await upload(withParams(path`/kbs/${kb}/documents`, { name: one.name }), one.file, (share) => {
        one.share = share;
        tell();
      }, one.stop.signal);
    } catch (error) {
      if (!(error instanceof Failure) || !BUSY.has(error.code) || turn >= TRIES) throw error;
      await pause(1000 * 2 ** turn, one.stop.signal);
      if (one.stop.signal.aborted) throw error;
    }
  }
}

/** @param {number} milliseconds @param {AbortSignal} signal */
function pause(milliseconds, signal) {
  return new Promise((/** @type {(value?: any) => void} */ done) => {
    const waiting = setTimeout(done, milliseconds);
    signal.addEventListener("abort", () => {
      clearTimeout(waiting);
      done();
    }, { once: true });
  });
}
