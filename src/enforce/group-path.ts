import type { GroupPath } from './host.js';

/** Text for messages, and for keys of maps and sets: different paths have different ones whatever owners call classes. */
export function pathKey(path: GroupPath): string {
  // Asked for thousands of times a step: hardly any name has a character that would be taken for what separates them.
  return path.some(isAmbiguous) ? path.map(escaped).join('/') : path.join('/');
}

const isAmbiguous = (component: string): boolean => component.includes('/') || component.includes('%');
const escaped = (component: string): string => component.replace(/[%/]/g, encodeURIComponent);

export const samePath = (a: GroupPath | null, b: GroupPath | null): boolean =>
  a === b || (a !== null && b !== null && a.length === b.length && pathKey(a) === pathKey(b));

/** Every group above `path`, the slice of all guests first; `path` itself last. */
export function withAncestors(path: GroupPath): GroupPath[] {
  return Array.from({ length: path.length + 1 }, (_, length) => path.slice(0, length));
}

/** Parents before children, then by name: an order in which groups can be created, and reversed, removed. */
export function parentsFirst(a: GroupPath, b: GroupPath): number {
  if (a.length !== b.length) return a.length - b.length;
  const [left, right] = [pathKey(a), pathKey(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
