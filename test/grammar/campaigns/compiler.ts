import {
  type CompileResult,
  compile,
  renderPlan,
  serialisePlan,
  verifyPlan,
} from '../../../src/compiler/index.js';
import { type Diagnostic, type Range, renderText } from '../../../src/lang/index.js';
import { accepted, type Campaign, type CampaignInput, failed, type Verdict } from './campaign.js';
import { HOSTS } from './hosts.js';
import { mutatedPolicy } from './inputs.js';

/** Far above what any of these small policies takes on a busy machine: what is slower hangs or explodes. */
const BUDGET_MS = 30_000;

/** Any text ends in a plan whose certificate holds, or in errors, and both can be shown. */
export const compilerEnds: Campaign = {
  name: 'mutated policies in the compiler',
  claim: 'The compiler ends with a plan that verifies, or with diagnostics, on any mutation of a policy',
  nightlyInputs: 30_000,
  begin: () => ({
    make: (random) => ({ text: mutatedPolicy(random), setting: random.pick(Object.keys(HOSTS)) }),
    judge,
  }),
};

function judge({ text, setting }: CampaignInput): Verdict {
  const facts = HOSTS[setting];
  if (facts === undefined) throw new RangeError(`no host is called ${setting}`);
  const source = { file: 'generated.vmc', text };
  const began = performance.now();
  const result = compile(source, facts);
  const tookMs = Math.round(performance.now() - began);
  if (tookMs > BUDGET_MS) return failed(`took ${tookMs} ms`);
  renderText(result.diagnostics, [source], { color: false });
  return judgeResult(result, text);
}

function judgeResult({ plan, diagnostics }: CompileResult, text: string): Verdict {
  const hasErrors = diagnostics.some(({ severity }) => severity === 'error');
  if (plan === null && !hasErrors) return failed('neither a plan nor an error');
  if (plan !== null && hasErrors) return failed('a plan and an error');
  const misplaced = diagnostics.find((diagnostic) => !isWellPlaced(diagnostic, text));
  if (misplaced !== undefined) {
    return failed(`a place outside of the text: ${misplaced.code} ${JSON.stringify(misplaced.range)}`);
  }
  if (plan === null) return accepted(outcomeOf(diagnostics));
  const [problem] = verifyPlan(plan);
  if (problem !== undefined) return failed(`the certificate does not hold: ${problem}`);
  renderPlan(plan);
  serialisePlan(plan);
  return accepted('plan');
}

/** By the stage at which it ended. */
function outcomeOf(diagnostics: readonly Diagnostic[]): string {
  const [least = '?'] = diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code.slice(0, 4))
    .sort();
  return `${least}xxx`;
}

function isWellPlaced({ range, related, fix }: Diagnostic, text: string): boolean {
  const ranges = [
    range,
    ...related.map((place) => place.range),
    ...(fix?.edits ?? []).map((edit) => edit.range),
  ];
  return ranges.every(
    ({ start, end }: Range) => 0 <= start.offset && start.offset <= end.offset && end.offset <= text.length,
  );
}
