// Elements out of plain calls: text is always text, never markup, so that what a document says
// cannot become part of the page.

const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false | Child[]} Child */

/**
 * Makes an element. `on…` are listeners, `style` an object of CSS properties (also `--own`), `class` and
 * all else attributes: `true` sets an empty one, `false`, `null` and `undefined` none.
 * @param {string} tag
 * @param {Record<string, any> | null} [about]
 * @param {...Child} children
 * @returns {any}
 */
export function h(tag, about, ...children) {
  return fill(document.createElement(tag), about, children);
}

/**
 * The same for pictures.
 * @param {string} tag
 * @param {Record<string, any> | null} [about]
 * @param {...Child} children
 * @returns {any}
 */
export function s(tag, about, ...children) {
  return fill(document.createElementNS(SVG, tag), about, children);
}

/** @param {any} element @param {Record<string, any> | null | undefined} about @param {Child[]} children */
function fill(element, about, children) {
  for (const [name, value] of Object.entries(about ?? {})) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "style") {
      for (const [property, to] of Object.entries(value)) element.style.setProperty(property, to);
    } else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  add(element, children);
  return element;
}

/** @param {Node} parent @param {Child} child */
function add(parent, child) {
  if (Array.isArray(child)) child.forEach((one) => add(parent, one));
  else if (child instanceof Node) parent.appendChild(child);
  else if (child !== null && child !== undefined && child !== false) {
    parent.appendChild(document.createTextNode(String(child)));
  }
}

/**
 * Gives an element other children.
 * @param {Element} parent
 * @param {...Child} children
 */
export function put(parent, ...children) {
  parent.replaceChildren();
  add(parent, children);
}

let last = 0;

/** An id for what is named by another element. @param {string} [name] */
export function id(name = "n") {
  last += 1;
  return `${name}-${last}`;
}
