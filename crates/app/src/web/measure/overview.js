// All evaluations of a knowledge base, and the form that runs another.

import { h, put } from "../core/dom.js";
import { may } from "../core/state.js";
import { speaks } from "../core/text.js";
import texts from "../text/measure.js";
import { runList } from "./runs.js";
import { startForm } from "./start.js";

const t = speaks(texts);

/** @param {HTMLElement} view @param {import("../shell/views.js").Context} context */
export async function showOverview(view, context) {
  const list = runList(context);
  put(view,
    h("div", { class: "view-head" }, h("div", null, h("h1", { tabindex: -1 }, t("title")), h("p", { class: "reading" }, t("intro")))),
    may("write", context.kb) && startForm(context, list.refresh),
    list.element);
  await list.refresh();
}
