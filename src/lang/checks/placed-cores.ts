import { catalogue } from '../catalogue.js';
import { eachConstraint } from '../traversal.js';
import type { CoreRange } from '../tree.js';
import type { CheckInput } from './check.js';

/** The kernel numbers its cores from 0, and knows 8192 at most. */
const MAX_CORE = 8191;

/** Cores have numbers that a kernel can give them, and ranges of them go upwards. */
export function checkPlacedCores(input: CheckInput): void {
  eachConstraint(input.policy, (constraint) => {
    if (constraint.kind === 'place') for (const range of constraint.cores) checkCores(range, input);
  });
}

function checkCores({ first, last, span }: CoreRange, { reporter }: CheckInput): void {
  const place = reporter.place(span);
  const beyond = [first, last].find((core) => Number(core) > MAX_CORE);
  if (beyond !== undefined) {
    const parameters = {
      what: 'The number of a core',
      found: `\`${beyond}\``,
      range: `from 0 to ${MAX_CORE}`,
    };
    reporter.add(catalogue.outOfRange.at(place, parameters));
  } else if (Number(last) < Number(first)) {
    const fix = reporter.replacement(span, `${last}-${first}`);
    reporter.add(catalogue.reversedCores.at(place, { first, last }, { fix }));
  }
}
