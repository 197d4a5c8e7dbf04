// How the service is: memory, disk, models, and what each knowledge base takes.

import { get } from "../core/api.js";
import { h } from "../core/dom.js";
import { bytes, duration, number, time } from "../core/format.js";
import { link } from "../core/router.js";
import { me } from "../core/state.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { icon } from "../parts/icon.js";
import { load } from "../parts/notice.js";
import texts from "../text/system.js";

const t = speaks(texts);

/**
 * @typedef {{ id: string, name: string, problem?: string | null, documents: number, pages: number, passages: number, waiting: number,
 *   embedder: string, reranker: string | null, bytes: Record<"originals" | "catalogue" | "index" | "vectors", number> }} Kb
 * @typedef {{ version: string, started: string, threads: number, queued: number, memory: { resident: number | null, peak: number | null },
 *   disk: { free: number | null }, models: { llm: { model: string, url: string } | null, ocr: boolean, installed: string[] }, kbs: Kb[] }} System
 */

const PARTS = /** @type {const} */ (["originals", "catalogue", "index", "vectors"]);

/** @param {HTMLElement} place @param {import("../shell/views.js").Context} context */
export async function overview(place, { signal }) {
  await load(place, async () => {
    /** @type {System} */
    const system = await get("/system", {}, signal);
    return [
      h("div", { class: "pair is-cards" }, state(system, () => overview(place, /** @type {any} */ ({ signal }))), models(system)),
      sizes(system.kbs), links()];
  });
}

/** @param {[string, any][]} facts */
function facts(facts) {
  return h("dl", { class: "facts" }, ...facts.flatMap(([name, value]) => [h("dt", null, name), h("dd", null, value)]));
}

/** @param {System} system @param {() => void} again */
function state(system, again) {
  const { memory, disk } = system;
  const running = t("since", { duration: duration(Date.now() - Date.parse(system.started)), when: time(system.started) });
  const used = memory.resident === null ? t("unknown")
    : memory.peak === null ? bytes(memory.resident) : t("memoryValue", { now: bytes(memory.resident), peak: bytes(memory.peak) });
  return h("section", { class: "card" },
    h("div", { class: "row is-between card-head" }, h("h2", null, t("state")), button(t("refresh"), again, { small: true, icon: "restore" })),
    facts([
      [t("version"), system.version], [t("uptime"), running], [t("memory"), used],
      [t("disk"), disk.free === null ? t("unknown") : bytes(disk.free)], [t("threads"), number(system.threads)],
      [t("queued"), system.queued ? t("queuedSome", { n: number(system.queued) }) : t("queuedNone")],
    ]));
}

/** @param {System} system */
function models({ models: { llm, ocr, installed } }) {
  return h("section", { class: "card" }, h("h2", null, t("models")), facts([
    [t("llm"), llm ? t("llmAt", llm) : t("llmNone")],
    [t("ocr"), ocr ? t("ocrYes") : t("ocrNo")],
    [t("installed"), installed.length ? h("ul", null, ...installed.map((name) => h("li", null, name))) : t("installedNone")],
  ]));
}

/** @param {Kb[]} kbs */
function sizes(kbs) {
  const total = (/** @type {Kb} */ kb) => (kb.bytes ? PARTS.reduce((sum, part) => sum + kb.bytes[part], 0) : 0);
  const most = Math.max(1, ...kbs.map(total));
  const key = h("ul", { class: "size-key", "aria-hidden": "true" }, ...PARTS.map((part) => h("li", null, h("span", { class: `swatch is-${part}` }), t(part))));
  return h("section", { class: "card stack" },
    h("div", { class: "row is-between" }, h("h2", null, t("kbs")), h("span", { class: "faint" }, t("total", { n: bytes(kbs.reduce((sum, kb) => sum + total(kb), 0)) }))),
    kbs.length ? [key, h("ul", { class: "sizes" }, ...[...kbs].sort((a, b) => total(b) - total(a)).map((kb) => size(kb, total(kb), most)))] : h("p", { class: "muted" }, t("noKbs")));
}

/** @param {Kb} kb @param {number} total @param {number} most of the largest one */
function size(kb, total, most) {
  const name = h("a", { href: link(["kb", kb.id, "settings"]) }, kb.name || kb.id);
  if (kb.problem) return h("li", null, h("div", { class: "size-head" }, name), h("p", { class: "badge is-danger is-long" }, t("broken", { reason: kb.problem })));
  const about = [`${t("documents")} ${number(kb.documents)}`, `${t("passages")} ${number(kb.passages)}`,
    kb.waiting > 0 && `${t("waiting")} ${number(kb.waiting)}`, `${t("embedder")} ${kb.embedder}`, kb.reranker && `${t("reranker")} ${kb.reranker}`];
  const parts = PARTS.map((part) => `${t(part)} ${bytes(kb.bytes[part])}`).join(" · ");
  return h("li", null,
    h("div", { class: "size-head" }, h("strong", null, name), h("span", { class: "figure" }, bytes(total))),
    h("div", { class: "size-bar", role: "img", "aria-label": parts, title: parts }, h("div", { class: "size-all", style: { width: `${Math.max(1, (total / most) * 100)}%` } },
      ...PARTS.filter((part) => kb.bytes[part] > 0).map((part) => h("span", { class: `is-${part}`, style: { "flex-grow": String(kb.bytes[part]) } })))),
    h("p", { class: "faint" }, parts),
    h("p", { class: "faint" }, about.filter(Boolean).join(" · ")));
}

function links() {
  const one = (/** @type {string} */ to, /** @type {string} */ name, /** @type {string} */ what) => h("li", null,
    h("a", { href: to, target: "_blank", rel: "noopener" }, h("span", null, name), icon("open", 14)), h("span", { class: "muted" }, what));
  return h("section", { class: "card" }, h("h2", null, t("links")), h("ul", { class: "link-list" },
    one("/api/v1/docs", t("docs"), t("docsWhat")), 
    // With keys a link would be refused: it carries none.
    me().keys ? h("li", null, h("span", null, t("metrics")), h("span", { class: "muted" }, t("metricsKey")), h("code", null, `${location.origin}/metrics`))
      : one("/metrics", t("metrics"), t("metricsWhat"))));
}
