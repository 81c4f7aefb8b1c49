import type { GroupPath } from './host.js';

const PLAIN = /^[A-Za-z0-9_-]$/;

/**
 * A class's or union's name as one component of a cgroup path. Injective, and never the name of a control file
 * (`cpu.max`, `cgroup.procs`) or a path of several components, whatever an owner writes between quotes.
 */
export function groupName(name: string): string {
  return Array.from(new TextEncoder().encode(name), (byte) => {
    const character = String.fromCharCode(byte);
    return PLAIN.test(character) ? character : `%${byte.toString(16).padStart(2, '0')}`;
  }).join('');
}

/** No encoded name contains `%o`, so the guests of no class never meet a class that is called "others". */
export const OTHERS_GROUP = '%others';

/** For maps and sets: components have no slash in them. */
export const pathKey = (path: GroupPath): string => path.join('/');

export const samePath = (a: GroupPath | null, b: GroupPath | null): boolean =>
  a === b || (a !== null && b !== null && pathKey(a) === pathKey(b));

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
