import { type AdmissionAnswer, admit } from '../../../src/compiler/admit/index.js';
import { compile } from '../../../src/compiler/compile.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { applied, beyond } from './applied.js';

export interface Comparison {
  /** `none`: there is no plan to be asked, or no answer. */
  readonly outcome: 'yes' | 'no' | 'none';
  readonly offers: number;
  /** Where the answer is not what compiling policy and request together says; null: nowhere. */
  readonly disagreement: string | null;
}

/**
 * Compares the answer to a request with compiling the text of the policy and its own, one after the other: the verdict, and
 * for each counter-offer that it would be admitted, and that one step more would not.
 */
export function comparisonOf(present: string, asked: string, facts: HostFacts): Comparison {
  const { plan } = compile({ file: 'p.vmc', text: present }, facts);
  if (plan === null) return { outcome: 'none', offers: 0, disagreement: null };
  const answerTo = (text: string) => admit(plan, { file: 'r.vmc', text }).answer;
  const together = (text: string) =>
    compile({ file: 't.vmc', text: `${present}\n${text}` }, facts).plan !== null;
  const answer = answerTo(asked);
  const found = (outcome: Comparison['outcome'], disagreement: string | null): Comparison => ({
    outcome,
    offers: answer?.counterOffers.length ?? 0,
    disagreement,
  });
  const admitted = answer?.admitted ?? false;
  if (!softens(answer) && together(asked) !== admitted)
    return found('no', `${admitted ? 'yes' : 'no'}, and together they have ${admitted ? 'no' : 'a'} plan`);
  if (answer === null) return found('none', null);
  for (const offer of answer.counterOffers) {
    const less = applied(asked, offer);
    if (!together(less)) return found('no', `offered, and has no plan: ${less}`);
    const more = beyond(asked, offer);
    if (!softens(answerTo(more)) && together(more))
      return found('no', `not offered, and has a plan: ${more}`);
  }
  return found(admitted ? 'yes' : 'no', null);
}

/** Compiled together they would make hard promises of the plan softer: refused where threads cannot be placed. */
const softens = (answer: AdmissionAnswer | null): boolean =>
  answer?.refused.some(({ obstacle }) => obstacle === 'hardness') ?? false;
