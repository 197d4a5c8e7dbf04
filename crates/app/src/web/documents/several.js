// Does the same with many things, a few at a time.

/**
 * @template T
 * @param {readonly T[]} all
 * @param {(one: T) => Promise<any>} work
 * @param {number} [atOnce]
 * @returns {Promise<{ done: T[], failed: unknown[] }>} what failed does not keep the others from being done
 */
export async function withEach(all, work, atOnce = 3) {
  /** @type {T[]} */
  const done = [];
  /** @type {unknown[]} */
  const failed = [];
  let next = 0;
  async function run() {
    while (next < all.length) {
      const one = all[next];
      next += 1;
      try {
        await work(one);
        done.push(one);
      } catch (error) {
        failed.push(error);
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, run));
  return { done, failed };
}
