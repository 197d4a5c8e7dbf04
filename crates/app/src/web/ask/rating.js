// Whether an answer was right. Both count at once and for all who ask, which is said; both can be
// taken back.

import { path, post, remove } from "../core/api.js";
import { h } from "../core/dom.js";
import { speaks } from "../core/text.js";
import { button, busy } from "../parts/button.js";
import { correction } from "../parts/correction.js";
import { formDialog } from "../parts/dialog.js";
import { areaField } from "../parts/field.js";
import { toast, toastFailure } from "../parts/notice.js";
import common from "../text/common.js";
import texts from "../text/ask.js";

const t = speaks(texts);
const c = speaks(common);

/** @typedef {import("./asking.js").Answer} Answer */

/** @param {string} kb @param {Answer} answer */
export function ratingButtons(kb, answer) {
  const right = button(t("right"), () => busy(right, () => rate(kb, answer, { verdict: "confirmed" }, t("rated"))).catch(toastFailure),
    { icon: "up", small: true });
  const wrong = button(t("wrong"), () => reject(kb, answer), { icon: "down", small: true });
  return h("div", { class: "row" }, right, wrong);
}

/** @param {string} kb @param {Answer} answer */
function reject(kb, answer) {
  const chooser = correction({ kb, question: question(answer), passages: answer.passages });
  formDialog(t("wrongTitle"), [
    h("p", { class: "muted" }, t("wrongHelp")),
    chooser.element,
    areaField(t("comment"), { help: t("commentHelp"), about: { name: "comment", rows: 2, maxlength: 4000 } }),
  ], t("send"), (form) => {
    const chosen = chooser.chosen();
    const comment = String(new FormData(form).get("comment") ?? "");
    return rate(kb, answer, { verdict: "rejected", correction: chosen, comment }, chosen.length ? t("correctedSaved") : t("rejected"));
  }, { wide: true });
}

/** @param {string} kb @param {Answer} answer @param {Record<string, any>} said @param {string} done what to say then */
async function rate(kb, answer, said, done) {
  const blocks = answer.blocks.filter((block) => block.document).map(({ document, text }) => ({ document, text }));
  const kept = await post(path`/kbs/${kb}/feedback`, { question: question(answer), blocks, ...said });
  const takeBack = () => remove(path`/kbs/${kb}/feedback/${kept.id}`).then(() => toast(t("takenBack")), toastFailure);
  toast(done, { label: c("undo"), then: takeBack });
}

/** What was asked, completed with what it leaves out. @param {Answer} answer */
function question(answer) {
  return answer.completed || answer.question;
}
