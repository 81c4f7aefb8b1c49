import type { Subject } from '../lang/model.js';

const BUILT_IN: ReadonlySet<string> = new Set(['guests', 'others', 'owner']);

/** How the plan writes a class's or union's name: one that is called like a built-in set stays in quotes. */
export function nameKey(name: string): string {
  return BUILT_IN.has(name) ? JSON.stringify(name) : name;
}

/** The one name of a subject in the plan (`class` of its settings, `name` of its node in the tree). */
export function subjectKey(subject: Subject): string {
  return subject.kind === 'class' || subject.kind === 'union' ? nameKey(subject.name) : subject.kind;
}
