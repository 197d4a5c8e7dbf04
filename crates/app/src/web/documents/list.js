// The documents of a knowledge base: what there is, how far each has come, and the ways to add and
// to remove. The address keeps what the list is restricted to.

import { get, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { go, link, note } from "../core/router.js";
import { may, me } from "../core/state.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { busy, button } from "../parts/button.js";
import { empty, loading, notice, toast } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/documents.js";
import { forgetDocuments, readAgain, removeDocuments, renameDialog, restoreDocuments } from "./actions.js";
import { fromParams, restrictions, toParams, toQuery } from "./asked.js";
import { acceptDrops } from "./drop.js";
import { filters } from "./filters.js";
import { adding } from "./adding.js";
import { progress } from "./progress.js";
import { rows } from "./rows.js";
import { selectionBar } from "./selection.js";
import { uploadsOf } from "./uploads.js";
import { watchQueue } from "./watch.js";

const t = speaks(texts);
const c = speaks(common);

/** @typedef {import("./types.js").Doc} Doc */

/** So many come at a time; a list that follows what is read asks for no more than the service gives. */
const SOME = 50;
const MOST = 500;
/** The list follows what happens so much later, in milliseconds. */
const SOON = 1200;

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function showList(main, context) {
  const { kb, signal } = context;
  const mayWrite = may("write", kb);
  let asked = fromParams(context.params);
  /** @type {Doc[]} */
  let documents = [];
  /** @type {string | null} */
  let cursor = null;
  let total = 0;
  let turn = 0;
  /** @type {import("./filters.js").Counts | null} */
  let counts = null;
  /** @type {Set<string>} */
  const selection = new Set();
  const uploads = uploadsOf(kb);
  let refreshing = 0;
  const watch = watchQueue(kb, uploads, refreshSoon, signal);
  /** After something was done that the service goes on with by itself. */
  const changed = async () => {
    selection.clear();
    await refresh();
    watch.wake();
  };

  const table = rows({
    kb, mayWrite, selection,
    selected: () => chosen.draw(selected(), asked.state === "removed"),
    sortBy: (sort, order) => change({ sort, order }),
    act: (name, one) => {
      const focus = table.keeper(one.id, name);
      const then = async () => {
        await changed();
        // A dialog gives the focus back by itself once it is closed.
        setTimeout(focus, 60);
      };
      return {
        remove: () => removeDocuments(kb, [one], then),
        rename: () => renameDialog(kb, one, then),
        read: () => readAgain(kb, [one], then),
        restore: () => restoreDocuments(kb, [one], then),
        forget: () => forgetDocuments(kb, [one], then),
      }[name]();
    },
  });
  const selected = () => documents.filter((one) => selection.has(one.id));
  const chosen = selectionBar({
    remove: () => removeDocuments(kb, selected(), changed),
    read: () => readAgain(kb, selected(), changed),
    restore: () => restoreDocuments(kb, selected(), changed),
    forget: () => forgetDocuments(kb, selected(), changed),
    none: () => {
      selection.clear();
      table.tick();
      chosen.draw([], false);
    },
  });
  const filter = filters(asked, change);
  const said = h("p", { class: "muted small", role: "status", "aria-live": "polite" });
  const clear = button(t("clearFilters"), () => go(link(["kb", kb, "documents"])), { small: true, look: "quiet", icon: "close" });
  const results = h("div", { class: "docs-results" }, loading());
  const more = button(c("more"), () => busy(more, addMore));
  const over = h("div", { class: "drop-over", hidden: true }, h("div", null, t("dropHere")));

  const add = () => adding({ kb, take, synchronised: changed, folders: me().folders });
  const head = h("div", { hidden: true }, mayWrite && add());
  put(main, h("div", { class: "view docs" },
    h("div", { class: "view-head" }, h("div", null, h("h1", { tabindex: -1 }, t("documents")), h("p", null, mayWrite ? t("lead") : t("leadRead"))), head),
    mayWrite && progress(kb, uploads, signal),
    filter.element, h("div", { class: "docs-list" }, h("div", { class: "row is-between docs-said" }, h("div", { class: "row" }, said, clear), chosen.element, filter.order), results,
      h("div", { class: "row is-centred" }, more)),
    over));
  [more.hidden, clear.hidden] = [true, true];
  if (mayWrite) {
    acceptDrops(over, take, signal);
    uploads.onChange(onUpload, signal);
  }
  await load(SOME);
  watch.wake();

  let unread = uploads.unread().length;
  function onUpload() {
    const now = uploads.unread().length;
    if (now > unread) {
      refreshSoon();
      watch.wake();
    }
    unread = now;
  }

  function refresh() {
    return load(Math.min(MOST, Math.max(SOME, documents.length)));
  }

  /** As things happen one after the other, the list follows every now and then. */
  function refreshSoon() {
    refreshing ||= window.setTimeout(() => {
      refreshing = 0;
      if (!signal.aborted) refresh();
    }, SOON);
  }

  /** @param {import("./drop.js").Taken} taken */
  function take({ files, hidden }) {
    if (hidden > 0) toast(t("hiddenFiles", { n: number(hidden) }));
    if (files.length) uploads.add(files);
    else if (!hidden) toast(t("noFiles"));
  }

  /** @param {Partial<import("./asked.js").Asked>} wanted */
  function change(wanted) {
    asked = { ...asked, ...wanted };
    note(link(["kb", kb, "documents"], toParams(asked)));
    selection.clear();
    load(SOME);
  }

  /** Asks anew for the list from its beginning. @param {number} limit */
  async function load(limit) {
    turn += 1;
    const own = turn;
    results.setAttribute("aria-busy", "true");
    try {
      const page = await get(path`/kbs/${kb}/documents`, { ...toQuery(asked), limit }, signal);
      if (own !== turn) return;
      ({ documents, total, next_cursor: cursor, counts = null } = page);
      draw();
    } catch (error) {
      if (own !== turn || signal.aborted) return;
      head.hidden = false;
      put(results, notice("danger", h("p", null, inWords(error)), button(c("again"), () => load(limit), { small: true })));
    }
    results.removeAttribute("aria-busy");
  }

  async function addMore() {
    const own = turn;
    try {
      const page = await get(path`/kbs/${kb}/documents`, { ...toQuery(asked), limit: SOME, cursor }, signal);
      if (own !== turn) return;
      const known = new Set(documents.map((one) => one.id));
      documents = [...documents, ...page.documents.filter((/** @type {Doc} */ one) => !known.has(one.id))];
      ({ total, next_cursor: cursor } = page);
      draw();
    } catch (error) {
      if (!signal.aborted) toast(inWords(error));
    }
  }

  function draw() {
    filter.draw(asked, counts);
    const shown = new Set(documents.map((one) => one.id));
    [...selection].filter((id) => !shown.has(id)).forEach((id) => selection.delete(id));
    chosen.draw(selected(), asked.state === "removed");
    const narrowed = restrictions(asked) > 0 || asked.q !== "";
    put(said, documents.length < total ? t("someOf", { shown: number(documents.length), n: number(total) }) : t("allOf", { n: number(total) }));
    said.hidden = !documents.length;
    filter.order.hidden = !documents.length;
    clear.hidden = !documents.length || !narrowed;
    more.hidden = !cursor;
    const bare = !documents.length && !narrowed;
    filter.element.hidden = bare && !hasAny();
    // Where there is nothing, the ways to add stand in the middle of it.
    head.hidden = bare;
    if (documents.length) {
      table.draw(documents, asked);
      if (table.element.parentElement !== results) put(results, table.element);
    } else put(results, nothing(narrowed));
  }

  function hasAny() {
    return Object.values(counts?.state ?? {}).some((count) => count > 0);
  }

  /** @param {boolean} narrowed */
  function nothing(narrowed) {
    if (narrowed) {
      return empty(t("noneFit"), t("noneFitHelp"), button(t("clearFilters"), () => go(link(["kb", kb, "documents"]))));
    }
    if (!mayWrite) return empty(t("noDocuments"), t("noDocumentsRead"));
    return h("div", { class: "drop-place" }, empty(t("noDocuments"), t("noDocumentsHelp"), add()));
  }
}
