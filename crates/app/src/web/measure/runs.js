// Past evaluations: look at one, tick two to compare them, delete, download.

import { get, path, remove } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { number, time } from "../core/format.js";
import { go, link, note } from "../core/router.js";
import { may } from "../core/state.js";
import { speaks } from "../core/text.js";
import { busy, button } from "../parts/button.js";
import { confirm } from "../parts/dialog.js";
import { empty, load, toast, toastFailure } from "../parts/notice.js";
import texts from "../text/measure.js";
import { save } from "../parts/save.js";
import { optionNames, runName } from "./figures.js";

const t = speaks(texts);

/** @typedef {import("./figures.js").Run} Run */

/** @param {import("../shell/views.js").Context} context */
export function runList({ kb, params, signal }) {
  const place = h("div", null);
  const compare = h("div", { class: "row runs-compare", "aria-live": "polite" });
  const element = h("section", { class: "card is-flush", "aria-labelledby": "measure-runs" },
    h("div", { class: "row is-between runs-head" }, h("h2", { id: "measure-runs" }, t("runs")), compare), place);
  /** The ticked ones, in the order that they were ticked. @type {string[]} */
  let ticked = (params.get("with") ?? "").split(",").filter(Boolean);
  /** @type {Run[]} */
  let runs = [];

  async function refresh() {
    await load(place, async () => {
      runs = (await get(path`/kbs/${kb}/evaluations`, {}, signal)).evaluations;
      ticked = ticked.filter((id) => runs.some((run) => run.id === id));
      tell();
      return runs.length ? table() : empty(t("noRuns"), may("write", kb) ? t("noRunsHelp") : t("noRunsRead"));
    });
  }

  function tell() {
    if (runs.length < 2) return put(compare);
    const two = runs.filter((run) => ticked.includes(run.id));
    put(compare, two.length < 2 && h("span", { class: "faint" }, t(two.length ? "tickOne" : "tickTwo")),
      // The list has the latest first: it is held against the earlier one.
      button(t("compareTwo"), () => go(link(["kb", kb, "measure", two[0].id, two[1].id])),
        { icon: "compare", small: true, look: two.length === 2 ? "primary" : "plain", disabled: two.length !== 2 }));
  }

  /** @param {string} id @param {boolean} on */
  function tick(id, on) {
    ticked = ticked.filter((one) => one !== id);
    if (on) ticked.push(id);
    // A third one takes the place of the first.
    ticked = ticked.slice(-2);
    for (const box of place.querySelectorAll("input[type=checkbox]")) box.checked = ticked.includes(box.value);
    note(link(["kb", kb, "measure"], { with: ticked.join(",") }));
    tell();
  }

  function table() {
    return h("div", { class: "scroll" }, h("table", { class: "list runs" },
      h("thead", null, h("tr", null,
        h("th", { scope: "col" }, h("span", { class: "unseen" }, t("compare"))),
        h("th", { scope: "col" }, t("name")), h("th", { scope: "col" }, t("when")),
        h("th", { scope: "col", class: "is-number" }, t("questions")), h("th", { scope: "col", class: "is-number" }, t("score")),
        h("th", { scope: "col" }, t("howAsked")), h("th", { scope: "col" }, h("span", { class: "unseen" }, t("actions"))))),
      h("tbody", null, ...runs.map(line))));
  }

  /** @param {Run} run */
  function line(run) {
    const name = runName(run);
    return h("tr", null,
      h("td", { class: "runs-tick" }, h("input", { type: "checkbox", value: run.id, checked: ticked.includes(run.id), disabled: runs.length < 2,
        "aria-label": t("tickRun", { name }), onchange: (/** @type {any} */ event) => tick(run.id, event.target.checked) })),
      h("td", { class: "runs-name" }, h("a", { href: link(["kb", kb, "measure", run.id]) }, name)),
      h("td", { class: "runs-when muted figure nowrap" }, time(run.created)),
      h("td", { class: "runs-count is-number" }, number(run.report.questions)),
      h("td", { class: "runs-score is-number" }, scoreBar(run.report.bdci)),
      h("td", { class: "runs-options" }, h("span", { class: "row" }, ...optionNames(run).map((option) => h("span", { class: "badge" }, option)))),
      h("td", { class: "runs-actions" }, h("span", { class: "row is-end" }, downloadButton(kb, run, true),
        may("write", kb) && button(t("remove"), () => askToRemove(kb, run, refresh), { icon: "trash", look: "quiet", small: true, iconOnly: true }))));
  }

  return { element, refresh };
}

/** @param {number | null} score */
function scoreBar(score) {
  if (score === null) return t("notMeasured");
  return h("span", { class: "score" }, h("b", null, number(score, 1)),
    h("span", { class: "bar", "aria-hidden": "true" }, h("span", { style: { width: `${Math.max(0, Math.min(100, score))}%` } })));
}

/** @param {string} kb @param {Run} run @param {boolean} [iconOnly] */
export function downloadButton(kb, run, iconOnly = false) {
  const pressed = button(t("download"), () => busy(pressed, async () => {
    const whole = await get(path`/kbs/${kb}/evaluations/${run.id}`);
    save(new Blob([`${JSON.stringify(whole, null, 2)}\n`], { type: "application/json" }), `${runName(run)}.json`);
  }).catch(toastFailure), { icon: "download", small: true, iconOnly, look: iconOnly ? "quiet" : "plain" });
  return pressed;
}

/** @param {string} kb @param {Run} run @param {() => any} then */
export function askToRemove(kb, run, then) {
  const name = runName(run);
  confirm(t("removeRun"), t("removeWhat", { name }), t("remove"), async () => {
    await remove(path`/kbs/${kb}/evaluations/${run.id}`);
    toast(t("removed", { name }));
    await then();
  });
}
