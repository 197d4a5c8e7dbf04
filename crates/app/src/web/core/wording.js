// Failures in words: what happened and what to do.

import { Failure } from "./api.js";
import { speaks } from "./text.js";
import errors from "../text/errors.js";

const t = speaks(errors);

/** @param {unknown} error @returns {string} */
export function inWords(error) {
  if (!(error instanceof Failure)) {
    console.error(error);
    return t("unexpected", { reason: String(error) });
  }
  const known = /** @type {any} */ (errors.zh)[error.code];
  if (!known) return t("unknown", { reason: error.message });
  const reason = error.details.reason ? t("because", { reason: error.details.reason }) : "";
  return t(/** @type {any} */ (error.code), error.details) + reason;
}
