// The audit log: its last lines, filtered among those that were loaded, as the service gives it in
// pages only.

import { get } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { time } from "../core/format.js";
import { link, note } from "../core/router.js";
import { speaks } from "../core/text.js";
import { button, busy } from "../parts/button.js";
import { textField } from "../parts/field.js";
import { empty, load, toastFailure } from "../parts/notice.js";
import actions from "../text/actions.js";
import texts from "../text/system.js";

const t = speaks(texts);
const a = speaks(actions);

/** @typedef {{ at: string, request: string, key: string | null, address: string, action: string, path: string, status: number, question: string | null }} Entry */

const PAGE = 100;

/** @param {HTMLElement} place @param {import("../shell/views.js").Context} context */
export async function audit(place, { signal, params }) {
  /** @type {Entry[]} */
  let entries = [];
  /** @type {string | null} */
  let cursor = null;
  /** @type {Map<string, string>} */
  let names = new Map();

  const field = textField(t("filter"), { about: { type: "search", value: params.get("q") ?? "", placeholder: t("filterPlaceholder"), oninput: draw } });
  const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
  const failed = h("input", { type: "checkbox", checked: params.get("failed") === "true", onchange: draw });
  const count = h("p", { class: "faint", role: "status" });
  const body = h("tbody");
  const foot = h("div", { class: "row is-centred" });
  const columns = /** @type {const} */ (["when", "who", "did", "status", "question"]);

  await load(place, async () => {
    names = new Map((await get("/keys", {}, signal)).keys.map((/** @type {any} */ one) => [one.id, one.name || one.id]));
    await more();
    if (!entries.length) return h("div", { class: "card" }, empty(t("noAudit"), t("noAuditWhat")));
    draw();
    return [h("p", { class: "muted" }, t("auditWhat")),
      h("div", { class: "audit-filter" }, field, h("label", { class: "row" }, failed, h("span", null, t("onlyFailed"))), count),
      h("div", { class: "card is-flush scroll", tabindex: 0, role: "group", "aria-label": t("audit") },
        h("table", { class: "list is-stacked" }, h("thead", null, h("tr", null, ...columns.map((name) => h("th", { scope: "col" }, t(name))))), body)), foot];
  });

  async function more() {
    const page = await get("/audit", { limit: PAGE, cursor }, signal);
    entries = [...entries, ...page.entries];
    cursor = page.next_cursor;
  }

  function draw() {
    const wanted = input.value.trim().toLowerCase();
    note(link(["system", "audit"], { q: wanted, failed: failed.checked || undefined }));
    const fits = (/** @type {Entry} */ one) => (!failed.checked || one.status >= 400)
      && [one.action, called(one), one.path, one.key, named(one), one.address, one.question].some((text) => text?.toLowerCase().includes(wanted));
    const shown = entries.filter(fits);
    count.textContent = t("loaded", { n: entries.length, m: shown.length });
    put(body, shown.length ? shown.map(row) : h("tr", null, h("td", { colspan: columns.length }, t("noMatch", { n: entries.length }))));
    put(foot, cursor && button(t("more"), async (event) => {
      try {
        await busy(/** @type {any} */ (event.currentTarget), more);
        draw();
      } catch (error) {
        toastFailure(error);
      }
    }));
  }

  /** @param {Entry} one */
  function named(one) {
    return one.key ? (names.get(one.key) ?? one.key) : one.address;
  }

  /** @param {Entry} one */
  function called(one) {
    const route = one.action.replace(" /api/v1", " ");
    return Object.hasOwn(actions.zh, route) ? a(/** @type {any} */ (route)) : one.action;
  }

  /** @param {Entry} one */
  function row(one) {
    const cell = (/** @type {typeof columns[number]} */ name, /** @type {any[]} */ ...children) => h("td", { "data-label": t(name) }, h("div", null, ...children));
    return h("tr", null,
      cell("when", h("span", { class: "figure nowrap" }, time(one.at))),
      cell("who", h("p", null, named(one)), one.key && h("p", { class: "faint" }, one.address)),
      cell("did", h("p", null, called(one)), h("code", { class: "faint" }, `${one.action.split(" ")[0]} ${one.path}`)),
      cell("status", h("span", { class: `badge ${one.status >= 400 ? "is-danger" : "is-good"}` }, one.status)),
      cell("question", one.question ?? ""));
  }
}
