// The versions of a document: what it has now and what it had, what changed between two, and the way
// back to one.

import { get, path, post } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { bytes, number, time } from "../core/format.js";
import { speaks } from "../core/text.js";
import { busy, button } from "../parts/button.js";
import { load, toast, toastFailure } from "../parts/notice.js";
import texts from "../text/documents.js";
import { differences } from "./diff.js";

const t = speaks(texts);

/** @typedef {import("./types.js").Version} Version */

/** @param {HTMLElement} panel @param {import("./document.js").Tab} about */
export function versions(panel, about) {
  const { kb, one, kept, mayWrite, remember, changed, signal } = about;
  const place = path`/kbs/${kb}/documents/${one.id}`;
  const list = h("div", { class: "card is-flush" });
  const diff = h("section", { class: "stack", "aria-label": t("compare"), hidden: true });
  put(panel, h("div", { class: "stack" }, h("p", { class: "muted" }, t("versionsHelp")), list, diff));
  /** @type {Version[]} */
  let all = [];
  let [from, to] = ["", ""];
  load(list, async () => {
    all = (await get(`${place}/versions`, {}, signal)).versions;
    const known = (/** @type {string | undefined} */ wanted) => (all.some((version) => version.version === wanted) ? /** @type {string} */ (wanted) : "");
    from = known(kept.from) || (all[1]?.version ?? "");
    to = known(kept.to) || (all[0]?.version ?? "");
    if (from && to && from !== to) compare();
    return h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": t("tab_versions") }, table());
  });

  function table() {
    const several = all.length > 1;
    return h("table", { class: "list versions" }, h("caption", { class: "unseen" }, t("tab_versions")),
      h("thead", null, h("tr", null, several && [h("th", { scope: "col" }, t("earlier")), h("th", { scope: "col" }, t("later"))],
        h("th", { scope: "col" }, t("since")), h("th", { scope: "col" }, t("until")),
        ...["size", "pages", "passages"].map((name) => h("th", { scope: "col", class: "is-number" }, t(/** @type {any} */ (`column_${name}`)))),
        h("th", { scope: "col" }, h("span", { class: "unseen" }, t("actions"))))),
      h("tbody", null, ...all.map((version, at) => row(version, at, several))));
  }

  /** @param {Version} version @param {number} at @param {boolean} several */
  function row(version, at, several) {
    const current = version.until === null;
    const back = button(t("restoreVersion"), () => busy(back, () => restore(version)), { small: true, icon: "restore" });
    return h("tr", null, several && [choice("from", version, at, at === 0), choice("to", version, at, at === all.length - 1)],
      h("td", { class: "nowrap figure", "data-label": t("since") }, time(version.since)),
      h("td", { class: "nowrap figure", "data-label": t("until") }, current ? h("span", { class: "badge is-good" }, t("current")) : time(version.until)),
      h("td", { class: "is-number", "data-label": t("column_size") }, bytes(version.bytes)),
      h("td", { class: "is-number", "data-label": t("column_pages") }, version.pages > 0 && number(version.pages)),
      h("td", { class: "is-number", "data-label": t("column_passages") }, number(version.passages)),
      h("td", { class: "docs-actions" }, mayWrite && !current && back));
  }

  /** @param {"from" | "to"} name @param {Version} version @param {number} at @param {boolean} never */
  function choice(name, version, at, never) {
    const about = { time: time(version.since) };
    return h("td", { class: "docs-check", "data-label": t(name === "from" ? "earlier" : "later") }, !never && h("input", {
      type: "radio", name: `version-${name}`, checked: version.version === (name === "from" ? from : to),
      "aria-label": name === "from" ? t("compareFrom", about) : t("compareTo", about),
      onchange: () => {
        if (name === "from") from = version.version;
        else to = version.version;
        // The earlier one stays the earlier one.
        const order = (/** @type {string} */ id) => all.findIndex((one) => one.version === id);
        if (order(from) <= order(to)) {
          if (name === "from") to = all[Math.max(0, at - 1)].version;
          else from = all[Math.min(all.length - 1, at + 1)].version;
          put(/** @type {Element} */ (list.firstElementChild), table());
          /** @type {HTMLElement | null} */ (list.querySelector(`input[name="version-${name}"]:checked`))?.focus();
        }
        remember({ from, to });
        compare();
      },
    }));
  }

  function compare() {
    diff.hidden = false;
    const [asked, answered] = [from, to];
    load(diff, async () => {
      const { passages } = await get(`${place}/diff`, { from: asked, to: answered }, signal);
      return differences(passages);
    });
  }

  /** @param {Version} version */
  async function restore(version) {
    try {
      await post(`${place}/versions/${encodeURIComponent(version.version)}/restore`);
      toast(t("versionRestored", { time: time(version.since) }));
      await changed();
    } catch (error) {
      toastFailure(error);
    }
  }
}
