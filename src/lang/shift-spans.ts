import { isSpan } from './spans-in.js';

/** The same nodes with every span in them moved by `by`: how the tree of an imported file gets offsets of its own. */
export function shiftSpans<T>(node: T, by: number): T {
  if (Array.isArray(node)) return node.map((item) => shiftSpans(item, by)) as T;
  if (typeof node !== 'object' || node === null) return node;
  const moved: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    moved[key] = isSpan(value) ? { start: value.start + by, end: value.end + by } : shiftSpans(value, by);
  }
  return moved as T;
}
