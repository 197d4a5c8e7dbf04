// What the service says of documents, as far as these views use it.

/**
 * @typedef {"waiting" | "reading" | "indexing" | "searchable" | "failed" | "removed"} State
 * @typedef {{ version: string, format: string, bytes: number, modified: string, pages: number, blocks: number,
 *   passages: number, warnings: number, title: string | null, published: string | null, period: string | null,
 *   publisher: string | null, kind: string }} Content
 * @typedef {{ id: string, name: string, file: string, path: string, state: State, problem: string | null,
 *   added: string, removed: string | null, content: Content | null }} Doc
 * @typedef {{ column: number, row: number, column_span: number, row_span: number, start: number, end: number }} TableCell
 *   `start` and `end` count bytes of the block's text in UTF-8
 * @typedef {{ rows: number, columns: number, header_rows: number, header_columns: number, caption: string | null,
 *   unit: string | null, cells: TableCell[] }} BlockTable
 * @typedef {{ page: number, x0: number, y0: number, x1: number, y1: number }} Box in points from the top left
 * @typedef {{ ordinal: number, kind: string, level?: number, furniture?: string, page: number | null, text: string,
 *   table?: BlockTable, boxes: Box[] }} Block
 * @typedef {{ ordinal: number, page: number | null, headings: string[], text: string, blocks: number[],
 *   marks?: import("../parts/sheet.js").Mark[], layout?: import("../parts/quote.js").Piece[] }} Passage
 * @typedef {{ page: number, width: number, height: number }} Size
 * @typedef {{ page: number | null, message: string }} Warning
 * @typedef {{ version: string, bytes: number, pages: number, passages: number, since: string, until: string | null }} Version
 * @typedef {{ id: string, document: string, path: string, state: State, problem: string | null, finished: string | null }} Job
 */

/** States that another follows by itself. */
export const PASSING = new Set(["waiting", "reading", "indexing"]);
