// Small pictures, drawn in lines of the text's colour on a 24 by 24 grid. They stand beside words or
// in a button that has a name; by themselves they say nothing to a screen reader.

import { s } from "../core/dom.js";

const PATHS = {
  ask: "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
  documents: "M7 3h7l4 4v14H7zM14 3v4h4M10 12h5M10 16h5",
  measure: "M4 20V10M10 20V4M16 20v-8M21 20H3",
  explain: "M5 6h4v4H5zM15 14h4v4h-4zM9 8h4v8h2",
  review: "M5 4h14v12h-8l-4 4v-4H5zM9 9l2 2 4-4",
  words: "M4 6h10M4 11h7M4 16h5M15 19l3-8 3 8M16 16h4",
  bases: "M4 6c0-1.7 3.6-3 8-3s8 1.3 8 3-3.6 3-8 3-8-1.3-8-3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3",
  key: "M14 10a4 4 0 1 1-1.2-2.8L21 7v3h-2v2h-3v-2zM9 10h.01",
  system: "M4 5h16v10H4zM9 20h6M12 15v5",
  search: "M10.5 4a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM15.5 15.5 21 21",
  up: "M7 11v9H4v-9zM7 11l4-8c1.500 0 2.500 1 2.500 2.500L13 9h5.500c1 0 1.700.9 1.500 1.900l-1.300 7c-.2.700-.8 1.200-1.600 1.200H7",
  down: "M17 13V4h3v9zM17 13l-4 8c-1.500 0-2.500-1-2.500-2.500L11 15H5.500c-1 0-1.700-.9-1.500-1.900l1.300-7C5.500 5.400 6.100 5 6.900 5H17",
  link: "M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.700-5.700l-1.200 1.200M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.700 5.700l1.200-1.200",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  open: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  zoomIn: "M10.5 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM15.500 15.500 21 21M10.500 7.500v6M7.500 10.500h6",
  zoomOut: "M10.5 4a6.500 6.500 0 1 1 0 13 6.500 6.500 0 0 1 0-13zM15.500 15.500 21 21M7.500 10.500h6",
  previous: "M15 5l-7 7 7 7",
  next: "M9 5l7 7-7 7",
  more: "M6 9l6 6 6-6",
  close: "M6 6l12 12M18 6 6 18",
  check: "M5 12l5 5 9-10",
  warning: "M12 4 2.500 20h19zM12 10v4M12 17h.01",
  upload: "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
  folder: "M3 6h6l2 2h10v11H3z",
  trash: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
  edit: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  restore: "M4 4v6h6M4.500 10A8 8 0 1 1 4 13",
  menu: "M4 7h16M4 12h16M4 17h16",
  sun: "M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.500 1.500M17.500 17.500 19 19M19 5l-1.500 1.500M6.500 17.500 5 19",
  moon: "M20 14A8 8 0 0 1 10 4a8 8 0 1 0 10 10z",
  language: "M3 5h10M8 3v2M11 5c-1 4-4 7-8 9M5 8c1 3 4 5 7 6M12 20l4.500-10L21 20M14 17h5",
  plus: "M12 5v14M5 12h14",
  history: "M4 4v6h6M4.500 10A8 8 0 1 1 4 13M12 8v5l3 2",
  download: "M12 4v12M7 11l5 5 5-5M4 20h16",
  eye: "M2 12c3-5 6.500-7 10-7s7 2 10 7c-3 5-6.500 7-10 7s-7-2-10-7zM12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6z",
  sort: "M8 5v14M4 15l4 4 4-4M16 19V5M12 9l4-4 4 4",
  info: "M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v6M12 7.500h.01",
  follow: "M5 4v8a3 3 0 0 0 3 3h11M15 11l4 4-4 4",
  play: "M7 4v16l13-8z",
  compare: "M5 4h5v16H5zM14 4h5v16h-5z",
  spark: "M12 3l2 7 7 2-7 2-2 7-2-7-7-2 7-2z",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {IconName} name @param {number} [size] in pixels */
export function icon(name, size = 18) {
  return s("svg", {
    width: size, height: size, viewBox: "0 0 24 24", fill: "none", stroke: "currentColor",
    "stroke-width": 1.8, "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true",
  }, s("path", { d: PATHS[name] }));
}
