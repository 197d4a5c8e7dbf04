// What this browser keeps for a person: language, colours, the last knowledge base. Where nothing
// may be kept, it is forgotten when the page is closed.

/** @type {Map<string, string>} */
const here = new Map();

/** @param {string} name @returns {string | null} */
export function kept(name) {
  try {
    return localStorage.getItem(`yuanwen.${name}`) ?? here.get(name) ?? null;
  } catch {
    return here.get(name) ?? null;
  }
}

/** @param {string} name @param {string | null} value `null` forgets it */
export function keep(name, value) {
  if (value === null) here.delete(name);
  else here.set(name, value);
  try {
    if (value === null) localStorage.removeItem(`yuanwen.${name}`);
    else localStorage.setItem(`yuanwen.${name}`, value);
  } catch {
    // Private windows may refuse; it is kept here until then.
  }
}
