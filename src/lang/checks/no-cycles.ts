import { catalogue } from '../catalogue.js';
import type { LetDeclaration, UnionDeclaration } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** Nothing is defined by itself, whether directly or by way of others. */
export function checkNoCycles({ definitions, reporter }: CheckInput): void {
  const extras = (cycle: readonly (LetDeclaration | UnionDeclaration)[]) => ({
    related: cycle.slice(1).map(({ name }) => reporter.related(name.span, 'takes part')),
  });
  const path = (cycle: readonly (LetDeclaration | UnionDeclaration)[]) =>
    [...cycle, ...cycle.slice(0, 1)].map(({ name }) => `\`${writtenName(name.text)}\``).join(' → ');
  for (const cycle of definitions.conditionCycles.slice(0, MAX_REPORTS)) {
    const [first] = cycle;
    if (first === undefined) continue;
    const place = reporter.place(first.name.span);
    reporter.add(catalogue.conditionCycle.at(place, { cycle: path(cycle) }, extras(cycle)));
  }
  for (const cycle of definitions.unionCycles.slice(0, MAX_REPORTS)) {
    const [first] = cycle;
    if (first === undefined) continue;
    const place = reporter.place(first.name.span);
    reporter.add(catalogue.unionCycle.at(place, { cycle: path(cycle) }, extras(cycle)));
  }
}

/** A tangle of names can hold very many circles. */
const MAX_REPORTS = 10;
