// Ties what was read to where it stands: an item that is pointed at or has the focus is marked on
// the picture; a place of the picture that is pointed at sets its item off and scrolls to it. A
// press on either keeps it so. In the list the arrow keys go up and down.

import { around } from "./items.js";

/** @typedef {import("./items.js").Item} Item */

/** A place is meant that is so near, in points. */
const NEAR = 2;

/**
 * @param {object} about
 * @param {Item[]} about.items
 * @param {HTMLElement} about.list holds the elements of the items
 * @param {HTMLElement} about.scroller what the list is scrolled in
 * @param {{ element: HTMLElement, mark: (marks: import("../parts/sheet.js").Mark[]) => void }} about.sheet
 * @param {{ width: number, height: number }} about.size of the page in points
 * @param {AbortSignal} about.signal
 */
export function tie({ items, list, scroller, sheet, size, signal }) {
  /** @type {Item | null} */
  let picked = null;
  /** @type {Item | null} */
  let lit = null;
  const of = new Map(items.map((item) => [item.element, item]));
  const areas = items.flatMap((item) => around(item.boxes).map((box) => ({ item, box, area: (box.x1 - box.x0) * (box.y1 - box.y0) })));
  areas.sort((one, other) => one.area - other.area);
  const outlines = areas.map(({ item, box }) => ({ ...box, kind: item.quiet ? "quiet" : "outline" }));
  items.forEach((item, at) => (item.element.tabIndex = at === 0 ? 0 : -1));
  show(null);

  /** @param {Item | null} item */
  function show(item) {
    const now = item ?? picked;
    if (lit !== now) {
      lit?.element.classList.remove("is-lit");
      now?.element.classList.add("is-lit");
    }
    lit = now;
    sheet.mark([...outlines, ...(now ? now.boxes.map((box) => ({ ...box, kind: /** @type {any} */ (box).kind ?? "text" })) : [])]);
  }

  /** @param {Item | null} item */
  function choose(item) {
    picked?.element.removeAttribute("aria-current");
    picked = item === picked ? null : item;
    picked?.element.setAttribute("aria-current", "true");
    show(picked);
  }

  /** @param {Event} event */
  const itemOf = (event) => of.get(/** @type {HTMLElement} */ (/** @type {Element} */ (event.target).closest(".read-item"))) ?? null;
  /** Whether the list has a scroll bar of its own; narrow windows scroll as a whole. */
  function scrolls() {
    return getComputedStyle(scroller).maxHeight !== "none";
  }

  /** Brings an item into what can be seen of the list. @param {Item} item @param {boolean} [asked] by a press */
  function reveal(item, asked = false) {
    const [box, own] = [scroller.getBoundingClientRect(), item.element.getBoundingClientRect()];
    if (!scrolls()) {
      // They do not jump about while somebody only points.
      if (asked) item.element.scrollIntoView({ block: "nearest", behavior: "smooth" });
      return;
    }
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    if (own.top >= top && own.bottom <= bottom) return;
    const by = own.top - top - Math.max(12, (bottom - top - own.height) / 3);
    scroller.scrollTo({ top: scroller.scrollTop + by, behavior: "smooth" });
  }

  list.addEventListener("mouseover", (event) => show(itemOf(event)), { signal });
  list.addEventListener("mouseleave", () => show(null), { signal });
  list.addEventListener("focusin", (event) => {
    const item = itemOf(event);
    items.forEach((one) => (one.element.tabIndex = one === item ? 0 : -1));
    show(item);
  }, { signal });
  list.addEventListener("focusout", () => show(null), { signal });
  list.addEventListener("click", (event) => {
    const item = itemOf(event);
    if (!item || String(getSelection())) return;
    choose(item);
    if (picked && !scrolls()) sheet.element.scrollIntoView({ block: "nearest", behavior: "smooth" });
  }, { signal });
  list.addEventListener("keydown", (event) => {
    const on = /** @type {HTMLElement} */ (event.target);
    const at = items.findIndex((item) => item.element === on);
    if (at < 0) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Enter") choose(items[at]);
    if (!step) return;
    event.preventDefault();
    const next = items[at + step];
    next?.element.focus({ preventScroll: true });
    if (next) reveal(next, true);
  }, { signal });

  /** @param {MouseEvent} event */
  function under(event) {
    const box = sheet.element.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * size.width;
    const y = ((event.clientY - box.top) / box.height) * size.height;
    return areas.find(({ box: { x0, y0, x1, y1 } }) => x >= x0 - NEAR && x <= x1 + NEAR && y >= y0 - NEAR && y <= y1 + NEAR)?.item ?? null;
  }
  sheet.element.addEventListener("mousemove", (event) => {
    const item = under(event);
    sheet.element.classList.toggle("is-over", item !== null);
    if (item === lit) return;
    show(item);
    if (item) reveal(item);
  }, { signal });
  sheet.element.addEventListener("mouseleave", () => show(null), { signal });
  sheet.element.addEventListener("click", (event) => {
    const item = under(event);
    if (!item) return;
    choose(item);
    reveal(item, true);
  }, { signal });

  return {
    /** Sets off an item and scrolls to it. @param {string} key */
    pick(key) {
      const item = items.find((one) => one.key === key);
      if (!item || picked === item) return;
      choose(item);
      reveal(item, true);
    },
  };
}
