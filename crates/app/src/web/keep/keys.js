// Keys: who may read and change. The first one closes the service to all who have none, this page
// among them, which is why it is asked whether the page shall use it.

import { get, key, path, remove } from "../core/api.js";
import { h, put } from "../core/dom.js";
import { time } from "../core/format.js";
import { link, note } from "../core/router.js";
import { kbName, may } from "../core/state.js";
import { speaks } from "../core/text.js";
import { button } from "../parts/button.js";
import { confirm } from "../parts/dialog.js";
import { empty, load, notice, toast } from "../parts/notice.js";
import errors from "../text/errors.js";
import texts from "../text/admin.js";
import { askForNewKey } from "./newkey.js";

const t = speaks(texts);
const e = speaks(errors);

/** @typedef {{ id: string, name: string, scope: "read" | "write" | "admin", only: string[], created: string, revoked: string | null }} Key */

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  const { signal, params } = context;
  const place = h("div", { class: "stack" });
  const action = h("div");
  put(main, h("div", { class: "view" },
    h("div", { class: "view-head" }, h("div", null, h("h1", { tabindex: -1 }, t("keys")), h("p", null, t("keysLead"))), action), place));
  if (!may("admin")) return put(place, notice("info", e("forbidden")));
  let shown = params.get("revoked") === "true";
  await fill();

  async function fill() {
    await load(place, async () => {
      /** @type {Key[]} */
      const keys = (await get("/keys", {}, signal)).keys;
      const ask = () => askForNewKey(!keys.length, context, fill);
      put(action, keys.length > 0 && button(t("newKey"), ask, { look: "primary", icon: "plus" }));
      if (!keys.length) return h("div", { class: "card" }, empty(t("noKeys"), t("noKeysWhat"), button(t("newKey"), ask, { look: "primary", icon: "plus" })));
      return table(keys);
    });
  }

  /** @param {Key[]} keys */
  function table(keys) {
    const revoked = keys.filter((one) => one.revoked);
    const body = h("tbody");
    const draw = () => put(body, ...keys.filter((one) => shown || !one.revoked).reverse().map((one) => row(one, keys)));
    draw();
    const toggle = revoked.length > 0 && h("label", { class: "row" }, h("input", { type: "checkbox", checked: shown, onchange: (/** @type {any} */ event) => {
      shown = event.target.checked;
      note(link(["keys"], { revoked: shown || undefined }));
      draw();
    } }), h("span", null, t("showRevoked", { n: revoked.length })));
    return [h("div", { class: "card is-flush scroll", tabindex: 0, role: "group", "aria-label": t("keys") }, h("table", { class: "list is-stacked" },
      h("thead", null, h("tr", null, ...["keyName", "scope", "only", "created", "revoke"].map((name) => h("th", { scope: "col" },
        name === "revoke" ? h("span", { class: "unseen" }, t("revoke")) : t(/** @type {any} */ (name)))))), body)), toggle];
  }

  /** @param {Key} one @param {Key[]} all */
  function row(one, all) {
    const cell = (/** @type {"keyName" | "scope" | "only" | "created"} */ name, /** @type {any[]} */ ...children) => h("td", { "data-label": t(name) }, ...children);
    const name = one.name || t("unnamed");
    return h("tr", { class: one.revoked ? "is-off" : undefined },
      cell("keyName", h("div", null, h("p", { class: "row" }, h("strong", null, name), isOwn(one) && h("span", { class: "badge is-accent" }, t("yours"))), h("code", { class: "faint" }, one.id))),
      cell("scope", h("span", { class: "badge", title: t(/** @type {any} */ (`scopeWhat_${one.scope}`)) }, t(/** @type {any} */ (`scope_${one.scope}`)))),
      cell("only", one.only.length ? one.only.map(kbName).join(", ") : t("onlyAll")),
      cell("created", h("span", { class: "figure" }, time(one.created))),
      h("td", { class: "is-action" }, one.revoked ? h("span", { class: "faint" }, t("revoked", { when: time(one.revoked) }))
        : button(t("revoke"), () => revoke(one, all), { small: true, look: "danger", about: { "aria-label": `${t("revoke")}: ${name}` } })));
  }

  /** @param {Key} one @param {Key[]} all */
  function revoke(one, all) {
    const mightAll = (/** @type {Key} */ other) => other.scope === "admin" && !other.only.length && !other.revoked;
    const isLast = mightAll(one) && all.filter(mightAll).length === 1;
    const what = [t("revokeWhat"), isOwn(one) && t("revokeOwn"), isLast && t("revokeLast")].filter(Boolean).join(" ");
    confirm(t("revokeTitle", { name: one.name || one.id }), what, t("revoke"), async () => {
      await remove(path`/keys/${one.id}`);
      toast(t("revokedNow"));
      await fill();
    });
  }
}

/** Whether this browser uses it: the id is a part of the key. @param {Key} one */
function isOwn(one) {
  return key().split("_")[1] === one.id;
}
