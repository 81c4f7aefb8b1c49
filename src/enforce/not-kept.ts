import type { Plan } from '../compiler/plan.js';
import type { FindingDraft } from './findings.js';

/** What this enforcer leaves undone of a plan: who is concerned, and what it comes to. */
interface Unkept {
  readonly what: string;
  readonly subjects: readonly string[];
  readonly fallback: string;
}

/** A finding for each kind of thing that the plan asks for and this enforcer does not keep: never a silent miss. Pure. */
export function notKept(plan: Plan): readonly FindingDraft[] {
  const budgets = {
    what: 'budgets of single guests',
    subjects: subjectsOf(plan.budgets.filter(({ scope, then }) => scope === 'each' && then !== null)),
    fallback: 'what they use is counted; nothing follows until all of them have used theirs up',
  };
  return [budgets].filter(({ subjects }) => subjects.length > 0).map(draftOf);
}

const subjectsOf = (all: readonly { readonly class: string }[]): readonly string[] => [
  ...new Set(all.map((one) => one.class)),
];

const draftOf = ({ what, subjects, fallback }: Unkept): FindingDraft => ({
  code: 'not-kept',
  severity: 'warning',
  subject: null,
  message: `the policy asks for ${what} (${subjects.join(', ')}), which this version does not keep`,
  fallback,
});
