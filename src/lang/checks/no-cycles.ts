import { catalogue } from '../catalogue.js';
import type { LetDeclaration, UnionDeclaration } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** Nothing is defined by itself, whether directly or by way of others. */
export function checkNoCycles({ definitions, reporter }: CheckInput): void {
  const extras = (cycle: readonly (LetDeclaration | UnionDeclaration)[]) => ({
    related: cycle.slice(1, MAX_PLACES).map(({ name }) => reporter.related(name.span, 'takes part')),
  });
  const path = (cycle: readonly (LetDeclaration | UnionDeclaration)[]) => {
    const [first, ...others] = cycle.map(({ name }) => `\`${writtenName(name.text)}\``);
    const shown = others.length < MAX_SHOWN ? others : [...others.slice(0, MAX_SHOWN), '…'];
    return [first, ...shown, first].join(' → ');
  };
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

/** Of one circle: it can go through every name of a file. */
const MAX_PLACES = 100;
const MAX_SHOWN = 10;
/** A tangle of names can hold very many circles. */
const MAX_REPORTS = 10;
