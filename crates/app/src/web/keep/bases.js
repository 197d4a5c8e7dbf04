// The knowledge bases that the caller may read, and a new one.

import { get, path, post } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { bytes, number } from "../core/format.js";
import { go, link } from "../core/router.js";
import { kbs, may, me } from "../core/state.js";
import { speaks } from "../core/text.js";
import { inWords } from "../core/wording.js";
import { button, linkButton } from "../parts/button.js";
import { formDialog } from "../parts/dialog.js";
import { areaField, textField } from "../parts/field.js";
import { empty, notice, toast } from "../parts/notice.js";
import texts from "../text/admin.js";

const t = speaks(texts);

/** So many are asked at a time how large they are. */
const AT_ONCE = 4;

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  const all = kbs();
  const make = me().many && may("admin");
  const newOne = () => button(t("newBase"), () => askForNew(context), { look: "primary", icon: "plus" });
  put(main, h("div", { class: "view is-narrow" },
    h("div", { class: "view-head" }, h("div", null, h("h1", { tabindex: -1 }, t("bases")), h("p", null, t("basesLead"))), make && all.length > 0 && newOne()),
    !me().many && notice("info", t("fixed")),
    all.length ? h("ul", { class: "bases" }, ...all.map(item)) : h("div", { class: "card" }, empty(t("noBases"), make ? t("noBasesWhat") : t("noBasesMay"), ...(make ? [newOne()] : [])))));
  const waiting = all.map((one) => one.id);
  await Promise.all(Array.from({ length: AT_ONCE }, async () => {
    for (let id = waiting.shift(); id !== undefined && !context.signal.aborted; id = waiting.shift()) await measure(main, id, context.signal);
  }));
}

/** @param {import("../core/state.js").Kb} kb */
function item(kb) {
  return h("li", { class: "card base", "data-kb": kb.id },
    h("div", { class: "base-name" }, h("h2", null, h("a", { href: link(["kb", kb.id, "ask"]) }, kb.name || kb.id)), kb.name && h("code", { class: "faint" }, kb.id)),
    kb.description && h("p", { class: "muted" }, kb.description),
    h("p", { class: "faint base-size" }, "…"),
    h("div", { class: "row" }, linkButton(t("documents"), link(["kb", kb.id, "documents"]), { small: true, icon: "documents" }),
      linkButton(t("settings"), link(["kb", kb.id, "settings"]), { small: true, icon: "edit" })));
}

/** Says how large one is. @param {HTMLElement} main @param {string} id @param {AbortSignal} signal */
async function measure(main, id, signal) {
  const place = main.querySelector(`[data-kb="${CSS.escape(id)}"] .base-size`);
  if (!place) return;
  try {
    const kb = await get(path`/kbs/${id}`, {}, signal);
    put(place, `${t("documents")} ${number(kb.documents)} · ${t("pages")} ${number(kb.pages)} · ${t("size")} ${bytes(kb.bytes)}`);
  } catch (error) {
    put(place, h("span", { class: "badge is-danger" }, t("broken", { reason: inWords(error) })));
  }
}

/** @param {import("../shell/views.js").Context} context */
function askForNew({ again }) {
  const fields = [
    textField(t("name"), { help: t("nameHelp"), about: { name: "name", maxlength: 200, autofocus: true } }),
    textField(t("id"), { help: t("idHelp"), about: { name: "id", required: true, maxlength: 64, pattern: "[a-z0-9][a-z0-9_\\-]{0,63}", spellcheck: "false", autocapitalize: "off" } }),
    areaField(t("description"), { about: { name: "description", rows: 3, maxlength: 4000 } }),
  ];
  formDialog(t("newBase"), fields, t("make"), async (form) => {
    const { name, id, description } = Object.fromEntries(new FormData(form));
    await post("/kbs", { id, name, description });
    await again();
    go(link(["kb", String(id), "documents"]));
    toast(t("made"));
  });
}
