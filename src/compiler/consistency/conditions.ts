import type { Expression, Plan } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

/** Conditions are made of atoms that exist, and atoms of what the policy declares; none of them is there twice, or for nothing. */
export function conditionProblems({ conditions, atoms, switches, budgets }: Plan): readonly string[] {
  const used = new Set(conditions.flatMap(({ expression }) => atomsIn(expression)));
  const known = new Set(atoms.map(({ id }) => id));
  const declared = new Set(switches);
  const counted = new Set(budgets.map(({ id }) => id));
  return [
    ...unless(isOnce(conditions.map(({ id }) => id)), 'two conditions have the same name'),
    ...unless(isOnce(atoms.map(({ id }) => id)), 'two atoms have the same name'),
    ...[...used].filter((id) => !known.has(id)).map((id) => `there is no atom ${id}`),
    ...[...known].filter((id) => !used.has(id)).map((id) => `atom ${id} is in no condition`),
    ...atoms
      .filter(
        (atom) =>
          (atom.kind === 'switch' && !declared.has(atom.name)) ||
          (atom.kind === 'budget' && !counted.has(atom.budget)),
      )
      .map(({ id }) => `atom ${id} is of nothing that is declared`),
  ];
}

export function atomsIn(expression: Expression): readonly string[] {
  switch (expression.op) {
    case 'constant':
      return [];
    case 'atom':
      return [expression.atom];
    case 'not':
    case 'assuming':
      return atomsIn(expression.operand);
    case 'and':
    case 'or':
      return [...atomsIn(expression.left), ...atomsIn(expression.right)];
  }
}
