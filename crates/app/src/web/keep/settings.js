// The settings of a knowledge base: what it is called, what is kept, its models, its upkeep, its end.

import { get, path, patch, remove } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { bytes, number } from "../core/format.js";
import { link, note } from "../core/router.js";
import { kbName, may, me } from "../core/state.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button, busy } from "../parts/button.js";
import { dialog } from "../parts/dialog.js";
import { areaField, textField } from "../parts/field.js";
import { load, notice, toast } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/settings.js";
import { models } from "./models.js";
import { upkeep } from "./upkeep.js";

const t = speaks(texts);
const c = speaks(common);

/**
 * @typedef {{ id: string, name: string, description: string, documents: number, pages: number, passages: number, bytes: number,
 *   embedder: string, reranker: string | null }} About
 * @typedef {{ versions: number, removed_days: number, embedder: string, reranker: string | null,
 *   changing: { embedder: string, passages: number, expected: number, problem: string | null } | null }} Settings
 */

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  const { kb, signal } = context;
  const own = may("admin", kb);
  const place = h("div");
  const sizes = h("p");
  put(main, h("div", { class: "view is-narrow" },
    h("div", { class: "view-head" }, h("div", null, h("h1", { tabindex: -1 }, t("title")), sizes)),
    !own && notice("info", t("readOnly")), place));
  await load(place, async () => {
    /** @type {[About, Settings]} */
    const [about, settings] = await Promise.all([get(path`/kbs/${kb}`, {}, signal), get(path`/kbs/${kb}/settings`, {}, signal)]);
    put(sizes, t("sizes", { documents: number(about.documents), pages: number(about.pages), passages: number(about.passages), bytes: bytes(about.bytes) }));
    return h("div", { class: "stack is-wide" }, described(about, context, own), keeping(settings, kb, own),
      models(about, settings, context, own), own && upkeep(kb, signal), own && ending(about, context));
  });
}

/**
 * A card with a form whose button can be pressed once something is different; what fails is said in it.
 * @param {string} title @param {any} help @param {any[]} fields @param {boolean} own
 * @param {(form: FormData) => Promise<string>} send gives what to say
 */
function formCard(title, help, fields, own, send) {
  const problem = h("div", { role: "alert" });
  const save = button(c("save"), null, { look: "primary", submit: true, disabled: true });
  const form = h("form", { class: "card stack", oninput: () => (save.disabled = false), onsubmit: async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    put(problem);
    try {
      toast(await busy(save, () => send(new FormData(form))));
      save.disabled = true;
    } catch (error) {
      put(problem, notice("danger", inWords(error)));
    }
  } }, h("div", null, h("h2", null, title), help && h("p", { class: "help" }, help)),
  h("fieldset", { class: "stack", disabled: !own, "aria-label": title }, ...fields), problem, own && h("div", null, save));
  return form;
}

/** @param {About} about @param {import("../shell/views.js").Context} context @param {boolean} own */
function described(about, { kb, again }, own) {
  const description = areaField(t("description"), { help: t("descriptionHelp"), about: { name: "description", rows: 3, maxlength: 4000 } });
  /** @type {HTMLTextAreaElement} */ (description.querySelector("textarea")).value = about.description;
  const fields = [textField(t("name"), { help: t("nameHelp", { id: about.id }), about: { name: "name", maxlength: 200, value: about.name } }), description];
  return formCard(t("about"), null, fields, own, async (form) => {
    await patch(path`/kbs/${kb}`, { name: form.get("name"), description: form.get("description") });
    // The name stands in the frame around the view too.
    if (form.get("name") !== about.name) await again();
    return t("aboutSaved");
  });
}

/** @param {Settings} settings @param {string} kb @param {boolean} own */
function keeping(settings, kb, own) {
  const figure = (/** @type {"versions" | "days"} */ label, /** @type {number} */ value, /** @type {number} */ max) => textField(t(label), {
    help: t(label === "versions" ? "versionsHelp" : "daysHelp"), about: { name: label, type: "number", min: 0, max, step: 1, required: true, value, inputmode: "numeric" } });
  const fields = [h("div", { class: "pair" }, figure("versions", settings.versions, 1000), figure("days", settings.removed_days, 36_500))];
  return formCard(t("keeping"), t("keepingWhat"), fields, own, async (form) => {
    await patch(path`/kbs/${kb}/settings`, { versions: Number(form.get("versions")), removed_days: Number(form.get("days")) });
    return t("keepingSaved");
  });
}

/** @param {About} about @param {import("../shell/views.js").Context} context */
function ending(about, { again }) {
  return h("section", { class: "card stack is-tight is-ending" }, h("h2", null, t("danger")),
    h("p", { class: "muted" }, me().many ? t("dangerWhat") : t("fixed")),
    me().many && h("div", null, button(t("deleteButton"), () => askToDelete(about, again), { look: "danger", icon: "trash" })));
}

/** @param {About} about @param {() => Promise<void>} again */
function askToDelete(about, again) {
  dialog(t("deleteTitle", { name: kbName(about.id) }), (close) => {
    const problem = h("div", { role: "alert" });
    const submit = button(t("deleteButton"), null, { look: "danger", submit: true, disabled: true });
    const field = textField(t("deleteType", { id: about.id }), { about: { name: "id", spellcheck: "false", autocapitalize: "off",
      oninput: () => (submit.disabled = input.value.trim() !== about.id) } });
    const input = /** @type {HTMLInputElement} */ (field.querySelector("input"));
    return [h("form", { class: "stack", onsubmit: async (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      put(problem);
      if (input.value.trim() !== about.id) return put(problem, notice("warning", t("mustMatch")));
      try {
        await busy(submit, () => remove(path`/kbs/${about.id}`));
        close();
        note(link(["bases"]));
        await again();
        toast(t("deleted"));
      } catch (error) {
        put(problem, notice("danger", inWords(error)));
      }
    } }, h("p", null, t("deleteDocuments", { n: number(about.documents) })), field, problem,
    h("div", { class: "row is-end" }, button(c("cancel"), close), submit))];
  });
}
