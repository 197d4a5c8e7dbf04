// Which view is shown: what stands behind the `#` of the address. A question in an address is thus
// never sent to any server's log, and a link reproduces it all the same.

/** @typedef {{ path: string[], params: URLSearchParams }} Place */

/** @returns {Place} */
export function here() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?", 2);
  return { path: path.split("/").filter(Boolean).map(decoded), params: new URLSearchParams(query ?? "") };
}

/** @param {string} part */
function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * The address of a view.
 * @param {string[]} path
 * @param {Record<string, any> | [string, string][]} [params] values that are empty are left out
 */
export function link(path, params = {}) {
  const all = Array.isArray(params) ? params : Object.entries(params);
  const given = all.filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : "";
  return `#/${path.map(encodeURIComponent).join("/")}${query}`;
}

/** Goes to a view. @param {string} to made by `link` @param {{ replace?: boolean }} [how] */
export function go(to, { replace = false } = {}) {
  if (location.hash === to) {
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else if (replace) {
    history.replaceState(null, "", to);
    window.dispatchEvent(new HashChangeEvent("hashchange"));
  } else location.hash = to;
}

/** Notes in the address what a view shows, without going anywhere. @param {string} to made by `link` */
export function note(to) {
  history.replaceState(null, "", to);
}

/** @param {() => void} then */
export function onGo(then) {
  window.addEventListener("hashchange", then);
}
