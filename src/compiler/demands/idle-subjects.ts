import type { Sentence } from '../../lang/model.js';
import type { Nest } from '../nest.js';
import type { Demands } from './demands.js';

/**
 * Subjects that run only when nothing beside them wants the CPU, with the sentences that say so: the classes that
 * yield, and every subject above them all of whose gathered guests do. Where that is all guests, they yield to the
 * owner as well; else the others' part of the host is shared with the owner as ever.
 */
export function idleSubjects(
  { yields }: Demands,
  nest: Nest,
  gathered: ReadonlySet<string>,
): ReadonlyMap<string, readonly Sentence[]> {
  const idle = new Map<string, readonly Sentence[]>();
  const visit = (key: string): void => {
    const children = (nest.childrenOf.get(key) ?? []).filter((child) => gathered.has(child));
    for (const child of children) visit(child);
    const own =
      children.length === 0 ? [yields.get(key) ?? []] : children.map((child) => idle.get(child) ?? []);
    if (own.every((sentences) => sentences.length > 0)) idle.set(key, [...new Set(own.flat())]);
  };
  if (yields.size > 0) visit('guests');
  return idle;
}
