import type { Plan } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

/** Cgroups nest as subjects do: each once, behind the one around it, which has all of its classes. */
export function treeProblems({ tree, unions, host, schedules }: Plan): readonly string[] {
  const classesIn = new Map(unions.map(({ name, classes }) => [name, new Set(classes)]));
  const membersOf = (name: string) => classesIn.get(name) ?? new Set([name]);
  const known = new Set<string>();
  const astray = tree.filter(({ name, parent }) => {
    const isBehind = parent === null || known.has(parent);
    known.add(name);
    const around = parent === null ? undefined : membersOf(parent);
    return !isBehind || (around && ![...membersOf(name)].every((one) => around.has(one)));
  });
  const placed = new Set(['owner', 'guests', ...tree.map(({ name }) => name)]);
  const isGathered = ({ settings }: Plan['schedules'][number]) =>
    settings.every(
      (one) => (one.mechanism !== 'share' && one.mechanism !== 'quota') || placed.has(one.class),
    );
  const gathers = host.cgroup.version > 0 && host.cgroup.gather;
  return [
    ...unless(isOnce(tree.map(({ name }) => name)), 'a subject is twice in the tree'),
    ...unless(gathers || tree.length === 0, 'guests are gathered where they stay where they are'),
    ...unless(
      !gathers || schedules.every(isGathered),
      'a weight or quota is set on a subject that is not in the tree',
    ),
    ...astray.map(({ name }) => `${name} is at no place of the tree`),
    ...nestingProblems({ tree, membersOf }),
  ];
}

interface Nesting {
  readonly tree: Plan['tree'];
  readonly membersOf: (name: string) => ReadonlySet<string>;
}

/** A class is in the innermost union around it: its parent has a part in every union of the tree that it is in. */
function nestingProblems({ tree, membersOf }: Nesting): readonly string[] {
  const innermost = new Map<string, string>();
  for (const { name, subject } of tree) {
    // Parents come before their children, so the last one to name a class is the innermost.
    if (subject === 'union') for (const member of membersOf(name)) innermost.set(member, name);
  }
  return tree
    .filter(({ name, subject, parent }) => subject === 'class' && parent !== (innermost.get(name) ?? null))
    .map(({ name }) => `${name} is not in the innermost union around it`);
}
