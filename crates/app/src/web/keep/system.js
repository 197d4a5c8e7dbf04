// The service: how it is, its audit log, and how it is put into other pages.

import { h, put } from "../core/dom.js";
import { link } from "../core/router.js";
import { may } from "../core/state.js";
import { speaks } from "../core/text.js";
import { notice } from "../parts/notice.js";
import errors from "../text/errors.js";
import texts from "../text/system.js";
import { audit } from "./audit.js";
import { embed } from "./embed.js";
import { overview } from "./overview.js";

const t = speaks(texts);
const e = speaks(errors);

const TABS = /** @type {const} */ (["overview", "audit", "embed"]);
const SHOWN = { overview, audit, embed };

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  const tab = TABS.find((one) => one === context.path[0]) ?? "overview";
  const place = h("div", { class: "stack is-wide" });
  put(main, h("div", { class: "view" },
    h("h1", { tabindex: -1 }, t("title")),
    may("admin") && h("nav", { class: "tabs", "aria-label": t("tabs") }, ...TABS.map((one) => h("a", {
      href: link(one === "overview" ? ["system"] : ["system", one]), "aria-current": one === tab ? "page" : undefined }, t(one)))),
    place));
  if (!may("admin")) return put(place, notice("info", e("forbidden")));
  await SHOWN[tab](place, context);
}
