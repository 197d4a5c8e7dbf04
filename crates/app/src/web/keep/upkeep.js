// Checks a knowledge base, and downloads a backup of it with how much has arrived.

import { path, post } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { bytes, number } from "../core/format.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button, busy } from "../parts/button.js";
import { notice } from "../parts/notice.js";
import texts from "../text/settings.js";
import { download } from "./download.js";

const t = speaks(texts);

/** @param {string} kb @param {AbortSignal} signal */
export function upkeep(kb, signal) {
  const told = h("div", { role: "status" });
  const checking = button(t("check"), async () => {
    put(told);
    try {
      put(told, found(await busy(checking, () => post(path`/kbs/${kb}/check`, undefined, signal))));
    } catch (error) {
      put(told, notice("danger", inWords(error)));
    }
  }, { icon: "check" });
  const got = h("div", { role: "status" });
  const saving = button(t("backup"), async () => {
    put(got, h("p", { class: "help" }, t("backupMaking")));
    const bar = h("span", { style: { width: "0%" } });
    const line = h("p", { class: "help figure" });
    try {
      const size = await busy(saving, () => download(path`/kbs/${kb}/backup`, `${kb}.zip`, signal, (done, all) => {
        if (!line.isConnected) put(got, h("div", { class: "bar" }, bar), line);
        bar.style.width = `${Math.min(100, (done / Math.max(all, 1)) * 100)}%`;
        line.textContent = t("backupGot", { done: bytes(done), all: bytes(all) });
      }));
      put(got, size === null ? null : notice("good", t("backupDone", { size: bytes(size) })));
    } catch (error) {
      put(got, notice("danger", inWords(error)));
    }
  }, { icon: "download" });
  return h("section", { class: "card stack" }, h("h2", null, t("upkeep")),
    h("div", { class: "upkeep" }, h("p", { class: "muted" }, t("checkWhat")), checking), told,
    h("div", { class: "upkeep" }, h("p", { class: "muted" }, t("backupWhat")), saving), got);
}

/** @param {{ documents: number, passages: number, repaired: string[], problems: string[] }} report */
function found(report) {
  const list = (/** @type {string[]} */ all) => h("ul", { class: "bullets" }, ...all.map((one) => h("li", null, one)));
  const { documents, passages, repaired, problems } = report;
  if (!repaired.length && !problems.length) return notice("good", t("checked", { documents: number(documents), passages: number(passages) }));
  return [
    repaired.length > 0 && notice("good", h("p", null, t("checkedRepaired", { n: repaired.length })), list(repaired)),
    problems.length > 0 && notice("warning", h("p", null, t("checkedProblems", { n: problems.length })), list(problems)),
  ];
}
