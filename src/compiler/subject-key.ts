import type { Subject } from '../lang/model.js';

/** The sets of the language, and the host that they divide. */
const BUILT_IN: ReadonlySet<string> = new Set(['guests', 'others', 'owner', 'host']);

/**
 * How the plan writes a class's or union's name: one that is called like a built-in set stays in quotes, as does one
 * that begins with a quote itself, so that no two names are written alike.
 */
export function nameKey(name: string): string {
  return BUILT_IN.has(name) || name.startsWith('"') ? JSON.stringify(name) : name;
}

/** The one name of a subject in the plan (`class` of its settings, `name` of its node in the tree). */
export function subjectKey(subject: Subject): string {
  return subject.kind === 'class' || subject.kind === 'union' ? nameKey(subject.name) : subject.kind;
}
