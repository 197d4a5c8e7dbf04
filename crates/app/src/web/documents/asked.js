// Which documents a list shows, in which order: as the address keeps it and as the service is asked.

/**
 * @typedef {{ q: string, state: string, kind: string, format: string, period: string, warned: boolean,
 *   sort: string, order: string }} Asked empty where nothing is restricted
 */

export const STATES = /** @type {const} */ (["searchable", "failed", "waiting", "reading", "indexing", "removed"]);
export const KINDS = /** @type {const} */ (["report", "news", "white_paper", "other"]);
export const FORMATS = /** @type {const} */ (["pdf", "docx", "pptx", "workbook", "csv", "html", "markdown", "text", "epub", "email",
  "json", "image", "archive"]);
export const SORTS = /** @type {const} */ (["name", "title", "added", "modified", "published", "kind", "pages", "bytes", "state", "warnings"]);
/** What is looked at from its largest or latest. */
const FROM_LARGE = new Set(["added", "modified", "published", "pages", "bytes", "warnings"]);

/** @param {string} sort */
export function usualOrder(sort) {
  return FROM_LARGE.has(sort) ? "desc" : "asc";
}

/** @param {URLSearchParams} params @returns {Asked} */
export function fromParams(params) {
  /** @param {string} name @param {readonly string[]} known */
  const one = (name, known) => known.find((value) => value === params.get(name)) ?? "";
  const sort = one("sort", SORTS) || "name";
  return {
    q: params.get("q") ?? "",
    state: one("state", STATES),
    kind: one("kind", KINDS),
    format: one("format", FORMATS),
    period: params.get("period") ?? "",
    warned: params.get("warned") === "true",
    sort,
    order: one("order", ["asc", "desc"]) || usualOrder(sort),
  };
}

/** For the address: without what goes without saying. @param {Asked} asked @returns {Record<string, string>} */
export function toParams(asked) {
  const { q, state, kind, format, period } = asked;
  return {
    q, state, kind, format, period,
    warned: asked.warned ? "true" : "",
    sort: asked.sort === "name" ? "" : asked.sort,
    order: asked.order === usualOrder(asked.sort) ? "" : asked.order,
  };
}

/** For the service, which orders by name where nothing is said. @param {Asked} asked @returns {Record<string, string>} */
export function toQuery(asked) {
  const { sort, order } = asked;
  return { ...toParams(asked), ...(sort === "name" && order === "asc" ? {} : { sort, order }) };
}

/** How many restrictions are set, the words that are searched for aside. @param {Asked} asked */
export function restrictions(asked) {
  return [asked.state, asked.kind, asked.format, asked.period, asked.warned].filter(Boolean).length;
}
