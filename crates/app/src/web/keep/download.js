// Downloads a large file with the key that requests need, which a plain link cannot carry. Where the
// browser lets us, it is written to the disk as it arrives; else it is gathered first.

import { Failure, stream } from "../core/api.js";
import { save } from "../parts/save.js";

/**
 * @param {string} from below the service's root
 * @param {string} name
 * @param {AbortSignal} signal
 * @param {(done: number, all: number) => void} each bytes
 * @returns {Promise<number | null>} its size; `null` where no place was chosen for it
 */
export async function download(from, name, signal, each) {
  const place = await chosen(name);
  if (place === "none") return null;
  const { body, length } = await stream(from, signal);
  const reader = body.getReader();
  const file = place ? await place.createWritable() : null;
  /** @type {BlobPart[]} */
  const parts = [];
  let done = 0;
  try {
    for (;;) {
      const next = await reader.read();
      if (next.done) break;
      done += next.value.length;
      if (file) await file.write(next.value);
      else parts.push(/** @type {BlobPart} */ (next.value));
      each(done, length);
    }
    if (done < length) throw new Failure("offline", "the connection broke");
    await file?.close();
  } catch (error) {
    await file?.abort().catch(() => {});
    throw error instanceof Failure ? error : new Failure(signal.aborted ? "aborted" : "offline", String(error));
  }
  if (!file) save(new Blob(parts), name);
  return done;
}

/** Where to write it: asked of the person. `null` where the browser cannot. @param {string} name @returns {Promise<any>} */
async function chosen(name) {
  const ask = /** @type {any} */ (window).showSaveFilePicker;
  if (!ask) return null;
  try {
    return await ask.call(window, { suggestedName: name });
  } catch (error) {
    return error instanceof DOMException && error.name === "AbortError" ? "none" : null;
  }
}
