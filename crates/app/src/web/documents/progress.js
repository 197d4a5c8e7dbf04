// What becomes of the files that were given: how far each has come, and what to do about those that
// did not arrive or could not be read.

import { h, id, put } from "../core/dom.js";
import { bytes, number, percent } from "../core/format.js";
import { link } from "../core/router.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button } from "../parts/button.js";
import { icon } from "../parts/icon.js";
import texts from "../text/documents.js";
import { explained } from "./problems.js";
import { isOver } from "./uploads.js";

const t = speaks(texts);

/** @typedef {import("./uploads.js").Upload} Upload */

/** More are not listed at once; those that matter come first. */
const LISTED = 60;
const ORDER = ["failed", "sending", "reading", "indexing", "waiting", "queued", "cancelled", "searchable"];

/** @param {string} kb @param {import("./uploads.js").Uploads} uploads @param {AbortSignal} signal */
export function progress(kb, uploads, signal) {
  const title = h("h2", { id: id("uploads") });
  const counts = h("p", { class: "muted small", role: "status", "aria-live": "polite" });
  const bar = h("span", null);
  const meter = h("div", { class: "bar", role: "progressbar", "aria-labelledby": title.id, "aria-valuemin": 0, "aria-valuemax": 100 }, bar);
  const buttons = h("div", { class: "row" });
  const list = h("ul", { class: "uploads" });
  const left = h("p", { class: "muted small" });
  const element = h("section", { class: "card uploads-card", "aria-labelledby": title.id, hidden: true },
    h("div", { class: "row is-between" }, h("div", { class: "grow" }, title, counts), buttons), meter, list, left);
  /** @type {Map<Upload, { element: HTMLElement, draw: () => void }>} */
  let lines = new Map();
  let asked = false;
  let shape = "";

  uploads.onChange(() => {
    // Progress comes in far more often than a person can see it.
    if (!asked) requestAnimationFrame(draw);
    asked = true;
  }, signal);
  draw();
  return element;

  function draw() {
    asked = false;
    const all = uploads.all();
    element.hidden = !all.length;
    if (!all.length) return;
    const over = all.filter(isOver);
    const count = (/** @type {string} */ stage) => all.filter((one) => one.stage === stage).length;
    const [failed, cancelled] = [count("failed"), count("cancelled")];
    put(title, over.length === all.length ? t("uploadsDone") : t("uploading", { done: number(over.length), all: number(all.length) }));
    put(counts, [t("uploadsRead", { n: number(count("searchable")) }), failed > 0 && t("uploadsFailed", { n: number(failed) }),
      cancelled > 0 && t("uploadsCancelled", { n: number(cancelled) })].filter(Boolean).join(" · "));
    const share = all.reduce((sum, one) => sum + weight(one), 0) / all.length;
    bar.style.setProperty("width", percent(share, 1));
    meter.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    meter.hidden = over.length === all.length;
    drawButtons(all, failed + cancelled, over.length);
    // Of what is done, only that is listed which somebody should look at.
    const worth = over.length < all.length ? all : all.filter((one) => one.stage !== "searchable" || notes(one).length);
    const first = [...worth].sort((one, other) => ORDER.indexOf(one.stage) - ORDER.indexOf(other.stage)).slice(0, LISTED);
    const next = new Map(first.map((one) => [one, lines.get(one) ?? line(one)]));
    next.forEach((one) => one.draw());
    const wanted = [...next.values()].map((one) => one.element);
    if (wanted.some((one, at) => list.children[at] !== one) || wanted.length !== list.children.length) put(list, ...wanted);
    lines = next;
    left.hidden = worth.length <= LISTED;
    put(left, t("uploadsMore", { n: number(worth.length - LISTED) }));
  }

  /** @param {readonly Upload[]} all @param {number} failed @param {number} over */
  function drawButtons(all, failed, over) {
    const now = `${uploads.areSending()} ${failed > 0} ${over > 0}`;
    if (now === shape) return;
    shape = now;
    const small = /** @type {const} */ ({ small: true });
    put(buttons, failed > 0 && button(t("retryAll"), () => uploads.retry(uploads.all()), small),
      uploads.areSending() && button(t("cancelAll"), () => uploads.cancel(uploads.all()), small),
      over > 0 && button(t("clearDone"), () => uploads.clear(), { ...small, look: "quiet" }));
  }

  /** @param {Upload} one */
  function line(one) {
    const state = h("span", { class: "upload-state small" });
    const says = h("div", { class: "upload-problem small" });
    const name = h("span", { class: "upload-name" });
    const action = h("span", { class: "upload-action" });
    const share = h("span", null);
    const row = h("li", { class: "upload" }, icon("documents"), h("div", { class: "grow" }, name, says), state, action,
      h("div", { class: "bar upload-bar" }, share));
    let said = "";
    return {
      element: row,
      draw() {
        share.style.setProperty("width", percent(one.share, 1));
        const now = [one.stage, one.problem, one.failure ? "failed" : "", one.stage === "sending" ? percent(one.share) : "", one.content ? "read" : ""].join("\0");
        if (now === said) return;
        said = now;
        row.className = `upload is-${one.stage}`;
        put(state, one.stage === "sending" ? t("stage_sending", { share: percent(one.share) }) : t(`stage_${one.stage}`),
          one.isUpdate && one.stage === "searchable" && ` · ${t("isUpdate")}`);
        put(name, one.document && one.stage === "searchable" ? h("a", { href: link(["kb", kb, "documents", one.document]) }, one.name) : one.name,
          h("span", { class: "faint nowrap" }, ` ${bytes(one.file.size)}`));
        put(says, ...notes(one).map((note) => h("p", null, note)));
        put(action, actionOf(one));
      },
    };
  }

  /** @param {Upload} one */
  function actionOf(one) {
    if (one.stage === "queued" || one.stage === "sending") {
      return button(t("cancelUpload", { name: one.name }), () => uploads.cancel([one]), { icon: "close", look: "quiet", small: true, iconOnly: true });
    }
    if (one.stage === "failed" || one.stage === "cancelled") {
      return button(t("retry"), () => uploads.retry([one]), { small: true, about: { "aria-label": t("retryUpload", { name: one.name }) } });
    }
    return null;
  }
}

/** What is to be said about a file. @param {Upload} one @returns {string[]} */
function notes(one) {
  if (one.failure) return [inWords(one.failure)];
  const problems = one.problem ? explained(one.problem).slice(0, 5) : [];
  return isMute(one) ? [...problems, t("noPassages")] : problems;
}

/** Whether nothing of it can be found. @param {{ content: import("./types.js").Content | null }} one */
export function isMute({ content }) {
  return content !== null && content.passages === 0 && content.format !== "archive";
}

/** How much of the way a file has behind it: sending is one half, reading the other. @param {Upload} one */
function weight(one) {
  if (isOver(one)) return 1;
  if (one.stage === "queued") return 0;
  if (one.stage === "sending") return one.share / 2;
  return one.stage === "waiting" ? 0.5 : one.stage === "reading" ? 0.7 : 0.9;
}
