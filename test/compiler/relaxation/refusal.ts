import type { HostFacts } from '../../../src/compiler/facts.js';
import type { Diagnostic, Fix } from '../../../src/lang/diagnostic.js';
import { applyFix } from '../../lang/apply-fix.js';
import { compileText } from '../support.js';

/** What came of a policy, and of what each of its refusals proposes. */
export interface RefusalOutcome {
  readonly outcome: 'accepted' | 'wrong in itself' | 'refused';
  /** Of the refusals: their codes, and how much each proposal changes. */
  readonly kinds: readonly string[];
  /** A refusal without a proposal, or one that is not accepted; null: there is none. */
  readonly failure: string | null;
}

/** Well-formed, and nothing keeps it: not what is wrong in itself, nor what is beyond what can be analysed. */
const isInfeasible = ({ code }: Diagnostic): boolean => /^VMC40(?!08|10|11)\d\d$/.test(code);

const errorsOf = (text: string, facts: HostFacts): readonly Diagnostic[] =>
  compileText(text, facts).diagnostics.filter(({ severity }) => severity === 'error');

/** Compiles a policy, and, where it is refused because it cannot be kept, the policy with each proposed change. */
export function refusalOutcome(text: string, facts: HostFacts): RefusalOutcome {
  const errors = errorsOf(text, facts);
  if (errors.length === 0) return { outcome: 'accepted', kinds: [], failure: null };
  if (!errors.every(isInfeasible)) return { outcome: 'wrong in itself', kinds: [], failure: null };
  const failures = errors.flatMap(({ code, hint, fix }) => {
    if (!fix) return [`${code} without a proposal (${hint})`];
    const left = errorsOf(applyFix({ file: 'test.vmc', text }, fix), facts);
    return left.map((one) => `${fix.title} leaves ${one.code} ${one.message}`);
  });
  const kinds = errors.flatMap(({ code, fix }) => (fix ? [code, sizeOf(fix)] : [code]));
  return { outcome: 'refused', kinds, failure: failures[0] ?? null };
}

function sizeOf({ title, edits }: Fix): string {
  if (title.startsWith('Leave out')) return 'left out';
  return edits.length > 1 ? 'several' : 'one';
}
