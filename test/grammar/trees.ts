import { isDeepStrictEqual } from 'node:util';

/** The tree as the normative grammar builds it: places and what recovery noted are not part of it. */
export function withoutSpans(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutSpans);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => key !== 'span' && key !== 'lostNames');
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutSpans(inner)]));
}

/** Where two trees differ first, with both values there; null when they are equal. */
export function firstDifference(left: unknown, right: unknown, path = 'tree'): string | null {
  if (isDeepStrictEqual(left, right)) return null;
  if (isObject(left) && isObject(right)) {
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
      const difference = firstDifference(left[key], right[key], `${path}.${key}`);
      if (difference !== null) return difference;
    }
  }
  return `${path}: ${JSON.stringify(left)} and ${JSON.stringify(right)}`;
}

/** Arrays too: by index. */
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
