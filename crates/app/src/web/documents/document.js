// One document: what it is, what can be done with it, how it was read, what it was before.

import { get, path } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { go, link, note } from "../core/router.js";
import { may } from "../core/state.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { busy, button } from "../parts/button.js";
import { loading, notice, toastFailure } from "../parts/notice.js";
import { openOriginal, saveOriginal } from "../parts/original.js";
import common from "../text/common.js";
import texts from "../text/documents.js";
import { readAgain, removeDocuments, renameDialog, restoreDocuments, stateBadge, titleOf } from "./actions.js";
import { facts } from "./facts.js";
import { explained } from "./problems.js";
import { reading } from "./reading.js";
import { PASSING } from "./types.js";
import { versions } from "./versions.js";

const t = speaks(texts);
const c = speaks(common);

/** @typedef {import("./types.js").Doc} Doc */

const TABS = /** @type {const} */ (["reading", "versions"]);
/** How often a document is asked for that is being read, in milliseconds. */
const SOON = 1200;
const LATE = 8000;

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context @param {string} id */
export async function showDocument(main, context, id) {
  const { kb, signal, params } = context;
  const mayWrite = may("write", kb);
  const place = path`/kbs/${kb}/documents/${id}`;
  /** @type {Doc} */
  let one;
  /** What the address keeps beside the tab. @type {Record<string, string>} */
  let kept = Object.fromEntries(params);
  let tab = TABS.find((name) => name === params.get("tab")) ?? "reading";
  let leaving = new AbortController();
  signal.addEventListener("abort", () => leaving.abort());
  const head = h("div", { class: "stack" });
  const tabs = h("div", { class: "tabs", role: "tablist", "aria-label": t("tabs") });
  const panel = h("div", { class: "doc-panel", role: "tabpanel", id: "doc-panel", tabindex: -1 });
  const view = h("div", { class: "view doc" }, h("nav", { class: "small", "aria-label": t("where") },
    h("a", { href: link(["kb", kb, "documents"]) }, `‹ ${t("documents")}`)), head, tabs, panel);
  put(main, view);
  put(head, h("h1", { class: "unseen", tabindex: -1 }, t("documents")), loading());
  await load();

  async function load() {
    try {
      one = await get(place, {}, signal);
    } catch (error) {
      if (signal.aborted) return;
      return put(head, h("h1", { tabindex: -1 }, t("documents")), notice("danger", h("p", null, inWords(error)), button(c("again"), load, { small: true })));
    }
    draw();
    follow();
  }

  /** Waits while it is being read. */
  async function follow() {
    for (let wait = SOON; PASSING.has(one.state) && !signal.aborted; wait = Math.min(wait * 1.4, LATE)) {
      await new Promise((done) => setTimeout(done, wait));
      if (signal.aborted) return;
      const now = await get(place, {}, signal).catch(() => null);
      if (!now || JSON.stringify(now) === JSON.stringify(one)) continue;
      one = now;
      draw();
    }
  }

  async function changed() {
    if (signal.aborted) return;
    await load();
    // What was pressed has been drawn anew; a dialog gives the focus back by itself once it is closed.
    setTimeout(() => document.activeElement === document.body && head.querySelector("h1")?.focus(), 60);
  }

  function draw() {
    document.title = `${titleOf(one)} · ${document.title.split(" · ").slice(-2).join(" · ")}`;
    put(head, h("div", { class: "doc-head" },
      h("div", { class: "row" }, h("h1", { tabindex: -1 }, titleOf(one)), one.state !== "searchable" && stateBadge(one.state)),
      h("div", { class: "row" }, ...actions())),
    problems(), facts(one));
    tabs.hidden = !one.content;
    if (!one.content) {
      put(panel);
      if (one.state === "removed") drawVersions();
      return;
    }
    drawTabs();
    drawPanel();
  }

  function problems() {
    const all = one.problem ? explained(one.problem) : [];
    const again = mayWrite && one.state === "failed" && button(t("read"), (event) => busy(pressed(event), () => readAgain(kb, [one], changed)), { small: true });
    if (all.length) {
      return notice(one.state === "failed" ? "danger" : "warning", one.state === "failed" && one.content && h("p", null, t("olderShown")),
        ...all.map((problem) => h("p", null, problem)), again);
    }
    if (one.state === "removed") return notice("warning", h("p", null, t("isRemoved")));
    return PASSING.has(one.state) && notice("info", h("p", null, t("isBeingRead")));
  }

  function actions() {
    const original = () => ({ kb, document: id, file: one.file, format: one.content?.format ?? "", page: Number(kept.page) || 1 });
    const isPdf = one.content?.format === "pdf";
    /** @param {string} label @param {import("../parts/icon.js").IconName} picture @param {() => any} then */
    const quiet = (label, picture, then) => button(label, (event) => busy(pressed(event), async () => then()), { look: "quiet", icon: picture, iconOnly: true });
    /** @param {() => Promise<any>} work */
    const told = (work) => work().catch(toastFailure);
    if (one.state === "removed") {
      return [mayWrite && button(t("restore"), (event) => busy(pressed(event), () => restoreDocuments(kb, [one], changed)), { icon: "restore", look: "primary" })];
    }
    return [
      one.content && isPdf && button(t("openOriginal"), (event) => busy(pressed(event), () => told(() => openOriginal(original()))), { icon: "open" }),
      one.content && button(t("download"), (event) => busy(pressed(event), () => told(() => saveOriginal(original()))), { icon: "download", look: isPdf ? "quiet" : "plain", iconOnly: isPdf }),
      mayWrite && quiet(t("rename"), "edit", () => renameDialog(kb, one, changed)),
      mayWrite && quiet(t("read"), "restore", () => readAgain(kb, [one], changed)),
      mayWrite && quiet(t("remove"), "trash", () => removeDocuments(kb, [one], async () => {
        const now = await get(place, {}).catch(() => null);
        if (signal.aborted) return;
        if (now && now.state !== "removed") await changed();
        else go(link(["kb", kb, "documents"]));
      })),
    ];
  }

  function drawTabs() {
    put(tabs, ...TABS.map((name) => h("button", {
      type: "button", role: "tab", id: `doc-tab-${name}`, "aria-selected": String(name === tab), "aria-controls": "doc-panel", tabindex: name === tab ? 0 : -1,
      onclick: () => choose(name),
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        event.stopPropagation();
        choose(TABS[(TABS.indexOf(name) + 1) % TABS.length]);
        /** @type {HTMLElement} */ (tabs.querySelector('[aria-selected="true"]')).focus();
      },
    }, t(`tab_${name}`))));
    panel.setAttribute("aria-labelledby", `doc-tab-${tab}`);
  }

  /** @param {typeof TABS[number]} name */
  function choose(name) {
    tab = name;
    remember({ tab: name === "reading" ? "" : name });
    drawTabs();
    drawPanel();
  }

  /** Keeps in the address what is shown. @param {Record<string, any>} now */
  function remember(now) {
    kept = { ...kept, ...now };
    note(link(["kb", kb, "documents", id], kept));
  }

  function drawPanel() {
    if (tab === "versions") drawVersions();
    else reading(panel, about());
  }

  function drawVersions() {
    versions(panel, about());
  }

  /** @returns {Tab} */
  function about() {
    leaving.abort();
    leaving = new AbortController();
    return { kb, one, mayWrite, kept, remember, changed, signal: leaving.signal };
  }
}

/**
 * What a tab of a document is given.
 * @typedef {object} Tab
 * @property {string} kb
 * @property {Doc} one
 * @property {boolean} mayWrite
 * @property {Record<string, string>} kept what the address says
 * @property {(now: Record<string, any>) => void} remember
 * @property {() => Promise<void>} changed
 * @property {AbortSignal} signal
 */

/** @param {MouseEvent} event */
function pressed(event) {
  return /** @type {HTMLButtonElement} */ (event.currentTarget);
}
