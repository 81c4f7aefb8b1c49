/** Whether these can hold together, nothing else being there. */
export type Holds<T> = (items: readonly T[]) => boolean;

/**
 * A subset that cannot hold together, although it can without any one of its items, in their order: QuickXplain (Junker 2004),
 * which asks about k·log(n/k) + k times for a set of k among n. Adding items never makes the others hold. Items that come
 * earlier are kept out where there is a choice.
 */
export function irreducible<T>(items: readonly T[], holds: Holds<T>): readonly T[] {
  if (items.length === 0 || holds(items)) return [];
  const kept = new Set(explain([], false, [...items].reverse(), holds));
  return items.filter((item) => kept.has(item));
}

/** Those of `items` that, with `background`, make an irreducible set; `added`: the background has just grown. */
function explain<T>(
  background: readonly T[],
  added: boolean,
  items: readonly T[],
  holds: Holds<T>,
): readonly T[] {
  if (added && !holds(background)) return [];
  if (items.length <= 1) return items;
  const half = Math.ceil(items.length / 2);
  const [first, second] = [items.slice(0, half), items.slice(half)];
  const inSecond = explain([...background, ...first], first.length > 0, second, holds);
  const inFirst = explain([...background, ...inSecond], inSecond.length > 0, first, holds);
  return [...inFirst, ...inSecond];
}
