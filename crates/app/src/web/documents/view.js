// Documents of a knowledge base: all of them, or one as it was read.

import { showDocument } from "./document.js";
import { showList } from "./list.js";

/** @param {HTMLElement} main @param {import("../shell/views.js").Context} context */
export async function show(main, context) {
  const [id] = context.path;
  if (id) await showDocument(main, context, id);
  else await showList(main, context);
}
