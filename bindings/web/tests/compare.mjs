// The first difference of two values.

/** Where two values made of arrays, objects, numbers and strings differ first; undefined where they are the same. */
export function difference(found, expected, place = "") {
  if (Object.is(found, expected)) return undefined;
  const compound = (value) => typeof value === "object" && value !== null;
  if (!compound(found) || !compound(expected)) return `${place}: ${JSON.stringify(found)?.slice(0, 80)}, expected ${JSON.stringify(expected)?.slice(0, 80)}`;
  if (Array.isArray(expected) && found.length !== expected.length) return `${place}: ${found.length} values, expected ${expected.length}`;
  for (const key of Object.keys(expected)) {
    const inner = difference(found[key], expected[key], `${place}.${key}`);
    if (inner) return inner;
  }
  return undefined;
}

/** Throws where they differ. */
export function same(what, found, expected) {
  const where = difference(found, expected);
  if (where) throw new Error(`${what} differs at ${where}`);
}

/** Throws where a condition does not hold. */
export function holds(condition, sentence) {
  if (!condition) throw new Error(sentence);
}
