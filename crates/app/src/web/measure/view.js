// Evaluations: the list with a form to run one, a single one, two compared.

import { h, put } from "../core/dom.js";
import { showCompared } from "./compare.js";
import { showOverview } from "./overview.js";
import { showRun } from "./run.js";

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  const view = h("div", { class: "view measure" });
  put(main, view);
  const [run, other] = context.path;
  if (run && other) await showCompared(view, context, run, other);
  else if (run) await showRun(view, context, run);
  else await showOverview(view, context);
}
