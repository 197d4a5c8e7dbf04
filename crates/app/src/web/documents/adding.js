// The ways to add documents: choose files, choose a folder, or keep up with a folder of the server.

import { h, put } from "../core/dom.js";
import { number } from "../core/format.js";
import { path, post } from "../core/api.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { busy, button } from "../parts/button.js";
import { dialog } from "../parts/dialog.js";
import { textField } from "../parts/field.js";
import { notice } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/documents.js";
import { chosenFiles } from "./drop.js";
import { explained } from "./problems.js";

const t = speaks(texts);
const c = speaks(common);

/**
 * @param {{ kb: string, take: (taken: import("./drop.js").Taken) => void, synchronised: () => any, folders: boolean }} about
 *   `folders`: whether the service may read folders of its machine
 */
export function adding({ kb, take, synchronised, folders }) {
  /** @param {Record<string, any>} about */
  const picker = (about) => {
    const input = h("input", { type: "file", multiple: true, hidden: true, ...about, onchange: () => {
      if (input.files?.length) take(chosenFiles(input.files));
      input.value = "";
    } });
    return input;
  };
  const [files, folder] = [picker({}), picker({ webkitdirectory: true })];
  return h("div", { class: "row" }, files, folder,
    button(t("chooseFiles"), () => files.click(), { look: "primary", icon: "upload" }),
    button(t("chooseFolder"), () => folder.click(), { icon: "folder" }),
    folders && button(t("sync"), () => syncDialog(kb, synchronised), { icon: "restore" }));
}

/** @param {string} kb @param {() => any} then */
function syncDialog(kb, then) {
  dialog(t("sync"), (close) => {
    const said = h("div", { role: "status", "aria-live": "polite" });
    const submit = button(t("syncNow"), null, { look: "primary", submit: true });
    const form = h("form", { class: "stack", onsubmit: async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const folder = String(new FormData(form).get("folder") ?? "").trim();
      put(said, notice("info", t("syncing")));
      try {
        const report = await busy(submit, () => post(path`/kbs/${kb}/sync`, { folder }));
        put(said, outcome(report));
        await then();
      } catch (error) {
        put(said, notice("danger", inWords(error)));
      }
    } }, h("p", null, t("syncHelp")),
      textField(t("syncFolder"), { help: t("syncFolderHelp"), about: { name: "folder", required: true, placeholder: "/srv/documents", spellcheck: "false" } }),
      said, h("div", { class: "row is-end" }, button(c("close"), close), submit));
    return [form];
  });
}

/** @param {any} report */
function outcome(report) {
  const { added, updated, unchanged, removed, moved, skipped } = report;
  const counts = t("syncDone", { added: number(added), updated: number(updated), unchanged: number(unchanged), removed: number(removed.length), moved: number(moved.length) });
  /** @param {string} title @param {string[]} lines */
  const some = (title, lines) => lines.length > 0 && h("details", null, h("summary", null, title), h("ul", { class: "plain-list small" }, ...lines.map((line) => h("li", null, line))));
  return notice(skipped.length ? "warning" : "good", h("p", null, counts),
    some(t("syncRemoved", { n: removed.length }), removed),
    some(t("syncSkipped", { n: skipped.length }), skipped.flatMap((/** @type {any} */ one) => explained(one.reason).map((what) => t("ofPath", { path: one.path, what })))));
}
