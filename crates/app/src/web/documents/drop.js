// Files that a person gives: dropped onto the view, or chosen; single ones or whole folders, whose
// paths become part of the documents' names.

/**
 * @typedef {{ name: string, file: File }} Given `name` with the folders before it
 * @typedef {{ files: Given[], hidden: number }} Taken `hidden`: what systems and programs keep for themselves
 */

/** More files are not taken at once: a browser holds them all in memory. */
export const MOST = 20_000;

const HIDDEN = /^(\.|~\$|Thumbs\.db$|desktop\.ini$|__MACOSX$)/i;

/** @param {string} path */
const isHidden = (path) => path.split("/").some((part) => HIDDEN.test(part));

/** @param {Given[]} all @returns {Taken} */
function sorted(all) {
  const files = all.filter((one) => !isHidden(one.name)).slice(0, MOST);
  files.sort((one, other) => one.name.localeCompare(other.name, "zh-CN", { numeric: true }));
  return { files, hidden: all.length - files.length };
}

/** What was chosen in an input. @param {FileList} list @returns {Taken} */
export function chosenFiles(list) {
  return sorted(Array.from(list, (file) => ({ name: file.webkitRelativePath || file.name, file })));
}

/** What was dropped. @param {DataTransfer} transfer @returns {Promise<Taken>} */
export async function droppedFiles(transfer) {
  // The list is empty as soon as this function has waited for anything.
  const items = Array.from(transfer.items).filter((item) => item.kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null);
  const plain = items.map((item) => item.getAsFile());
  /** @type {Given[]} */
  const all = [];
  for (const [at, entry] of entries.entries()) {
    const file = plain[at];
    if (entry) await walk(entry, all);
    else if (file) all.push({ name: file.name, file });
  }
  return sorted(all);
}

/** @param {FileSystemEntry} entry @param {Given[]} all */
async function walk(entry, all) {
  if (all.length >= MOST) return;
  const name = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    const own = /** @type {FileSystemFileEntry} */ (entry);
    const file = await new Promise((done) => own.file(done, () => done(null)));
    if (file) all.push({ name, file });
    return;
  }
  if (isHidden(name)) return;
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    // A folder is given in pieces of about a hundred.
    const some = await new Promise((/** @type {(entries: FileSystemEntry[]) => void} */ done) => reader.readEntries(done, () => done([])));
    if (!some.length) return;
    for (const one of some) await walk(one, all);
  }
}

/**
 * Lets files be dropped onto the view.
 * @param {HTMLElement} over what shows that they may be
 * @param {(taken: Taken) => void} take
 * @param {AbortSignal} signal
 */
export function acceptDrops(over, take, signal) {
  let depth = 0;
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files");
  /** @param {number} now */
  const shown = (now) => {
    depth = Math.max(0, now);
    over.hidden = depth === 0;
  };
  /** @param {string} name @param {(event: DragEvent) => void} then */
  const on = (name, then) => window.addEventListener(name, (event) => {
    const drag = /** @type {DragEvent} */ (event);
    if (!hasFiles(drag) || document.querySelector("dialog[open]")) return;
    drag.preventDefault();
    then(drag);
  }, { signal });
  on("dragenter", () => shown(depth + 1));
  on("dragleave", () => shown(depth - 1));
  on("dragover", (event) => {
    if (event.dataTransfer) event.dataTransfer.dropEffect = "copy";
  });
  on("drop", async (event) => {
    shown(0);
    if (event.dataTransfer) take(await droppedFiles(event.dataTransfer));
  });
}
