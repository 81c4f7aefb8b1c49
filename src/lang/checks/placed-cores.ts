import { catalogue } from '../catalogue.js';
import { eachConstraint } from '../traversal.js';
import type { CoreRange } from '../tree.js';
import type { CheckInput } from './check.js';

/** The kernel numbers its cores from 0, and knows 8192 at most. */
const MAX_CORE = 8191;
/** That all sentences together may name: each is written out in the model. */
const MAX_PLACED = 1_048_576;

/** Cores have numbers that a kernel can give them, and ranges of them go upwards. */
export function checkPlacedCores(input: CheckInput): void {
  let placed = 0;
  eachConstraint(input.policy, (constraint) => {
    if (constraint.kind !== 'place' || placed > MAX_PLACED) return;
    const { cores, span } = constraint;
    const isValid = cores.map((range) => checkCores(range, input)).every(Boolean);
    if (!isValid) return;
    placed += countOf(cores);
    if (placed > MAX_PLACED) {
      const what = 'What `place` names of cores in all sentences';
      const parameters = { what, found: 'more', range: `at most ${MAX_PLACED}` };
      input.reporter.add(catalogue.outOfRange.at(input.reporter.place(span), parameters));
    }
  });
}

/** At most all there are. */
function countOf(ranges: readonly CoreRange[]): number {
  const count = ranges.reduce((sum, { first, last }) => sum + Number(last) - Number(first) + 1, 0);
  return Math.min(count, MAX_CORE + 1);
}

function checkCores({ first, last, span }: CoreRange, { reporter }: CheckInput): boolean {
  const beyond = [first, last].find((core) => Number(core) > MAX_CORE);
  if (beyond !== undefined) {
    const parameters = {
      what: 'The number of a core',
      found: `\`${beyond}\``,
      range: `from 0 to ${MAX_CORE}`,
    };
    reporter.add(catalogue.outOfRange.at(reporter.place(span), parameters));
    return false;
  }
  if (Number(last) >= Number(first)) return true;
  const fix = reporter.replacement(span, `${last}-${first}`);
  reporter.add(catalogue.reversedCores.at(reporter.place(span), { first, last }, { fix }));
  return false;
}
