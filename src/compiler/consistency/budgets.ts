import type { Plan } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

/** Budgets are called what they are, count under conditions that exist, and something is done about those that say so. */
export function budgetProblems({ budgets, atoms, conditions }: Plan): readonly string[] {
  const known = new Set(conditions.map(({ id }) => id));
  const asked = new Set(atoms.flatMap((atom) => (atom.kind === 'budget' ? [atom.budget] : [])));
  return [
    ...unless(isOnce(budgets.map(({ id }) => id)), 'two budgets have the same name'),
    ...budgets.flatMap((one) => [
      ...unless(isCalled(one), `budget ${one.id} is not called what it is`),
      ...unless(one.workNs > 0, `budget ${one.id} is no time`),
      ...unless(one.then === null || asked.has(one.id), `nothing follows when budget ${one.id} is spent`),
      ...unless(
        one.while.every(({ condition }) => known.has(condition)),
        `budget ${one.id} counts under a condition that does not exist`,
      ),
    ]),
  ];
}

/** "each batch per week", with a number behind those that read alike. */
function isCalled({ id, class: name, scope, per }: Plan['budgets'][number]): boolean {
  const called = `${scope === 'each' ? 'each ' : ''}${name} per ${per}`;
  return id === called || (id.startsWith(called) && /^ \(\d+\)$/.test(id.slice(called.length)));
}
