import { catalogue } from '../catalogue.js';
import { MAX_LEVELS } from '../definitions.js';
import type { CheckInput } from './check.js';

/** Unions of unions go down as far as conditions do, and the tree of cgroups with them. */
export function checkUnionDepth({ policy, definitions, reporter }: CheckInput): void {
  const levels = definitions.valuesOfSubjects(
    () => 0,
    (members) => 1 + members.reduce((deepest, one) => Math.max(deepest, one), 0),
  );
  for (const statement of policy.statements) {
    // Only where it begins: what contains it is deeper still.
    if (statement.kind !== 'union' || levels.get(statement.name.text) !== MAX_LEVELS + 1) continue;
    reporter.add(catalogue.nesting.at(reporter.place(statement.name.span), { limit: MAX_LEVELS }));
  }
}
