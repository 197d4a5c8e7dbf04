// What can be done with documents, from the list and from a document's page: delete with a way back,
// restore, rename, read again.

import { get, patch, path, post, remove, withParams } from "../core/api.js";
import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { confirm, formDialog } from "../parts/dialog.js";
import { textField } from "../parts/field.js";
import { toast, toastFailure } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/documents.js";
import { withEach } from "./several.js";

const t = speaks(texts);
const c = speaks(common);

/** @typedef {import("./types.js").Doc} Doc */

/** What a document is called for a person. @param {Doc} one */
export function titleOf(one) {
  return one.content?.title || one.name;
}

/**
 * Deletes documents; they can be restored from the words that say so. What was never read has no
 * version to go back to, so that is asked first.
 * @param {string} kb
 * @param {readonly Doc[]} documents
 * @param {() => any} changed
 */
export async function removeDocuments(kb, documents, changed) {
  const lost = documents.filter((one) => !one.content);
  if (lost.length) {
    confirm(t("removeUnread"), lost.length === documents.length ? t("removeUnreadHelp") : t("removeSomeUnreadHelp", { n: lost.length }),
      c("remove"), () => removeNow(kb, documents, changed));
  } else await removeNow(kb, documents, changed);
}

/** @param {string} kb @param {readonly Doc[]} documents @param {() => any} changed */
async function removeNow(kb, documents, changed) {
  const { done, failed } = await withEach(documents, (one) => remove(withParams(path`/kbs/${kb}/documents/${one.id}`, { keep: true })));
  await changed();
  const back = done.filter((one) => one.content);
  const undo = back.length > 0 && { label: c("undo"), then: () => restoreDocuments(kb, back, changed) };
  if (done.length) toast(done.length === 1 ? t("removedOne", { name: titleOf(done[0]) }) : t("removedMany", { n: done.length }), undo || null);
  sayFailed(failed);
}

/** Brings back documents that were removed. @param {string} kb @param {readonly Doc[]} documents @param {() => any} changed */
export async function restoreDocuments(kb, documents, changed) {
  const { done, failed } = await withEach(documents, async (one) => {
    const { versions } = await get(path`/kbs/${kb}/documents/${one.id}/versions`);
    await post(path`/kbs/${kb}/documents/${one.id}/versions/${versions[0]?.version ?? ""}/restore`);
  });
  await changed();
  if (done.length) toast(done.length === 1 ? t("restoredOne", { name: titleOf(done[0]) }) : t("restoredMany", { n: done.length }));
  sayFailed(failed);
}

/** Deletes removed documents for good. @param {string} kb @param {readonly Doc[]} documents @param {() => any} changed */
export function forgetDocuments(kb, documents, changed) {
  confirm(t("forget"), t("forgetHelp", { n: documents.length }), t("forget"), async () => {
    const { done, failed } = await withEach(documents, (one) => remove(path`/kbs/${kb}/documents/${one.id}`));
    await changed();
    if (done.length) toast(t("forgotten", { n: done.length }));
    sayFailed(failed);
  });
}

/** Lets documents be read again. @param {string} kb @param {readonly Doc[]} documents @param {() => any} changed */
export async function readAgain(kb, documents, changed) {
  const { done, failed } = await withEach(documents, (one) => post(path`/kbs/${kb}/documents/${one.id}/read`));
  await changed();
  if (done.length) toast(t("readingAgain", { n: done.length }));
  sayFailed(failed);
}

/** Gives a document another path. @param {string} kb @param {Doc} one @param {(now: Doc) => any} changed */
export function renameDialog(kb, one, changed) {
  const input = textField(t("path"), { help: t("pathHelp"), about: { name: "path", value: one.path, required: true, maxlength: 1024, spellcheck: "false" } });
  const box = formDialog(t("rename"), [input], c("save"), async (form) => {
    const wanted = String(new FormData(form).get("path") ?? "").trim();
    if (wanted === one.path) return;
    const now = await patch(path`/kbs/${kb}/documents/${one.id}`, { path: wanted });
    await changed(now);
    toast(t("renamed", { name: now.name }));
  });
  const field = /** @type {HTMLInputElement} */ (box.querySelector("input"));
  field.focus();
  // The name alone is what mostly changes: not the folder before, not the extension behind.
  const from = one.path.lastIndexOf("/") + 1;
  const to = one.path.lastIndexOf(".");
  field.setSelectionRange(from, to > from ? to : one.path.length);
}

/** @param {unknown[]} failed */
function sayFailed(failed) {
  if (failed.length === 1) toastFailure(failed[0]);
  else if (failed.length) toast(t("someFailed", { n: failed.length, reason: inWords(failed[0]) }));
}

/** The state of a document as a badge. @param {import("./types.js").State} state */
export function stateBadge(state) {
  const looks = { searchable: "is-good", failed: "is-danger", reading: "is-accent", indexing: "is-accent", waiting: "", removed: "" };
  const moves = state === "reading" || state === "indexing";
  return h("span", { class: `badge ${looks[state]}${moves ? " is-moving" : ""}` }, t(`state_${state}`));
}
