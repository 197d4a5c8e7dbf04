// The documents of a list as rows of a table; on narrow windows each is a card. A row that has not
// changed stays as it is, so that a list that follows what is read does not take the focus away.

import { h, put } from "../core/dom.js";
import { number, time } from "../core/format.js";
import { link } from "../core/router.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { icon } from "../parts/icon.js";
import texts from "../text/documents.js";
import { stateBadge, titleOf } from "./actions.js";
import { usualOrder } from "./asked.js";
import { explained } from "./problems.js";
import { isMute } from "./progress.js";

const t = speaks(texts);

/** @typedef {import("./types.js").Doc} Doc */
/** @typedef {import("./asked.js").Asked} Asked */

/** Columns with what they are ordered by. @type {[name: "name" | "kind" | "published" | "period" | "pages" | "state" | "warnings", sort: string, number?: true][]} */
const COLUMNS = [["name", "name"], ["kind", "kind"], ["published", "published"], ["period", ""], ["pages", "pages", true],
  ["state", "state"], ["warnings", "warnings", true]];

/**
 * @param {object} about
 * @param {string} about.kb
 * @param {boolean} about.mayWrite
 * @param {Set<string>} about.selection ids
 * @param {() => void} about.selected called when the selection has changed
 * @param {(sort: string, order: string) => void} about.sortBy
 * @param {(name: "remove" | "rename" | "read" | "restore" | "forget", one: Doc) => void} about.act
 */
export function rows({ kb, mayWrite, selection, selected, sortBy, act }) {
  /** @type {Map<string, { said: string, row: HTMLElement }>} */
  let drawn = new Map();
  /** @type {Doc[]} */
  let shown = [];
  const all = h("input", { type: "checkbox", "aria-label": t("selectAll"), onchange: () => {
    shown.forEach((one) => (all.checked ? selection.add(one.id) : selection.delete(one.id)));
    tick();
    selected();
  } });
  const head = h("tr", null);
  const body = h("tbody", null);
  const element = h("div", { class: "card is-flush docs-table" }, h("table", { class: "list" },
    h("caption", { class: "unseen" }, t("documents")), h("thead", null, head), body));

  /** Shows which are selected. */
  function tick() {
    for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (body.querySelectorAll("input[data-id]"))) {
      box.checked = selection.has(box.dataset.id ?? "");
    }
    const count = shown.filter((one) => selection.has(one.id)).length;
    all.checked = count > 0 && count === shown.length;
    all.indeterminate = count > 0 && count < shown.length;
  }

  /** @param {Asked} asked */
  function drawHead(asked) {
    const focused = head.querySelector(".sorter:focus")?.dataset.sort;
    put(head, mayWrite && h("th", { class: "docs-check", scope: "col" }, all),
      ...COLUMNS.map(([name, sort, isNumber]) => {
        const current = sort !== "" && asked.sort === sort;
        const order = current && asked.order === "asc" ? "ascending" : "descending";
        const turned = current ? (asked.order === "asc" ? "desc" : "asc") : usualOrder(sort);
        return h("th", { scope: "col", class: `docs-${name}${isNumber ? " is-number" : ""}`, "aria-sort": current ? order : undefined },
          sort ? h("button", { type: "button", class: "sorter", "data-sort": sort, onclick: () => sortBy(sort, turned) }, t(`column_${name}`),
            current && h("span", { class: "docs-arrow", "aria-hidden": "true" }, asked.order === "asc" ? "↑" : "↓")) : t(`column_${name}`));
      }),
      mayWrite && h("th", { scope: "col" }, h("span", { class: "unseen" }, t("actions"))));
    if (focused) head.querySelector(`[data-sort="${focused}"]`)?.focus();
  }

  /** @param {Doc} one */
  function row(one) {
    const { content } = one;
    /** @param {string} name @param {any} inside @param {string} [also] @param {string} [unit] shown in cards */
    const cell = (name, inside, also = "", unit) => h("td", { class: `docs-${name} ${also}`, "data-unit": inside ? unit : undefined }, inside);
    return h("tr", { class: `is-${one.state}` },
      mayWrite && h("td", { class: "docs-check" }, h("input", { type: "checkbox", "data-id": one.id, "aria-label": t("select", { name: titleOf(one) }),
        onchange: (/** @type {any} */ event) => {
          if (event.target.checked) selection.add(one.id);
          else selection.delete(one.id);
          tick();
          selected();
        } })),
      h("td", { class: "docs-name" }, name(one)),
      cell("kind", content && [h("span", { class: "nowrap" }, t(/** @type {any} */ (`kind_${content.kind}`))),
        h("span", { class: "faint nowrap" }, t(/** @type {any} */ (`format_${content.format}`)))]),
      cell("published", content?.published, "figure nowrap"),
      cell("period", content?.period),
      cell("pages", content && content.pages > 0 && number(content.pages), "is-number", t("unit_pages", { n: content?.pages })),
      cell("state", stateBadge(one.state)),
      cell("warnings", content && content.warnings > 0 && h("a", { href: link(["kb", kb, "documents", one.id], { warnings: "open" }),
        "aria-label": t("warningsOf", { n: content.warnings }) }, number(content.warnings)), "is-number", t("unit_warnings", { n: content?.warnings })),
      mayWrite && h("td", { class: "docs-actions" }, h("div", null, ...actions(one))));
  }

  /** @param {Doc} one */
  function name(one) {
    const title = titleOf(one);
    const openable = one.content !== null;
    const problems = one.problem ? explained(one.problem) : [];
    return [
      openable ? h("a", { href: link(["kb", kb, "documents", one.id]) }, title) : h("span", { class: "docs-title" }, title),
      h("div", { class: "docs-path" }, one.path, one.removed && ` · ${t("removedAt", { time: time(one.removed) })}`),
      ...problems.slice(0, 3).map((problem) => h("p", { class: "docs-problem" }, icon("warning", 16),
        h("span", null, problem))),
      isMute(one) && h("p", { class: "docs-problem" }, icon("warning", 16), h("span", null, t("noPassages"))),
      problems.length > 3 && h("p", { class: "docs-problem" }, t("moreProblems", { n: problems.length - 3 })),
    ];
  }

  /** @param {Doc} one */
  function actions(one) {
    const small = /** @type {const} */ ({ look: "quiet", small: true, iconOnly: true });
    /** @param {Parameters<typeof act>[0]} what @param {import("../parts/icon.js").IconName} picture */
    const icons = (what, picture) => button(t("doTo", { what: t(what), name: titleOf(one) }), () => act(what, one),
      { ...small, icon: picture, title: t(what), about: { "data-act": what } });
    if (one.state === "removed") return [icons("restore", "restore"), icons("forget", "trash")];
    return [one.state === "failed" && icons("read", "restore"), icons("rename", "edit"), icons("remove", "trash")];
  }

  return {
    element,
    tick,
    /** Gives back the focus that an action took away with its row. @param {string} id @param {string} act */
    keeper(id, act) {
      const at = shown.findIndex((one) => one.id === id);
      return () => {
        if (document.activeElement !== document.body) return;
        const near = body.querySelector(`tr[data-id="${id}"]`) ?? body.children[Math.min(at, body.children.length - 1)];
        /** @type {HTMLElement | null | undefined} */ (near?.querySelector(`[data-act="${act}"]`) ?? near?.querySelector("[data-act]"))?.focus();
      };
    },
    /** @param {Doc[]} documents @param {Asked} asked */
    draw(documents, asked) {
      drawHead(asked);
      const focus = focusedIn(body);
      const next = new Map();
      for (const one of documents) {
        const said = JSON.stringify(one);
        const before = drawn.get(one.id);
        const kept = before?.said === said ? before.row : row(one);
        kept.dataset.id = one.id;
        next.set(one.id, { said, row: kept });
      }
      const wanted = [...next.values()].map((one) => one.row);
      const same = wanted.length === body.children.length && wanted.every((one, at) => one === body.children[at]);
      if (!same) put(body, ...wanted);
      drawn = next;
      shown = documents;
      tick();
      if (focus && !body.contains(document.activeElement)) focus();
    },
  };
}

/** How to give the focus back to what has it, should it be drawn anew. @param {HTMLElement} body */
function focusedIn(body) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  if (!focused || !body.contains(focused)) return null;
  const id = focused.closest("tr")?.dataset.id;
  const at = focused.dataset.act ? `[data-act="${focused.dataset.act}"]` : focused.matches("input") ? "input" : "a";
  return () => /** @type {HTMLElement | null} */ (body.querySelector(`tr[data-id="${id}"] ${at}`))?.focus();
}
