import { type CompiledPolicy, compile } from '../../../src/compiler/index.js';
import { parse } from '../../../src/lang/parse.js';
import { generatePolicy } from '../policy-generator.js';
import { firstDifference } from '../trees.js';
import { accepted, type Campaign, type CampaignInput, failed, type Verdict } from './campaign.js';
import { HOSTS } from './hosts.js';
import { mutatedValues } from './inputs.js';

const FACTS = Object.values(HOSTS)[0];

/** What is imported comes before what imports it, so a policy may be cut between any two sentences. */
export const policiesInTwoFiles: Campaign = {
  name: 'policies in two files',
  claim: 'A policy whose first sentences are moved to a file that it imports means the same',
  nightlyInputs: 10_000,
  begin: () => ({
    make: (random) => ({
      text: random.chance(0.5) ? generatePolicy(random) : mutatedValues(random),
      // Where it is cut, in hundredths of its sentences: some are left.
      setting: String(random.below(100)),
    }),
    judge,
  }),
};

function judge({ text, setting }: CampaignInput): Verdict {
  const cut = cutOf(text, Number(setting) / 100);
  if (cut === null) return accepted('refused');
  const whole = compileFile(text, {});
  const inTwo = compileFile(`import "first.vmc"\n${text.slice(cut)}`, { 'first.vmc': text.slice(0, cut) });
  const difference =
    firstDifference(codesOf(whole), codesOf(inTwo), 'codes') ??
    firstDifference(planOf(whole), planOf(inTwo), 'plan');
  if (difference !== null) return failed(`one file and two differ at ${difference}`);
  return accepted(whole.plan === null ? 'no plan' : 'plan');
}

/** Behind one of the sentences but the last; null where the text cannot be read, has no two, or imports something. */
function cutOf(text: string, part: number): number | null {
  const { tree, diagnostics } = parse({ file: 'policy.vmc', text });
  if (diagnostics.length > 0 || tree.statements.some(({ kind }) => kind === 'import')) return null;
  const last = tree.statements.length - 1;
  return last < 1 ? null : (tree.statements[Math.floor(part * last)]?.span.end ?? null);
}

function compileFile(text: string, imported: Readonly<Record<string, string>>): CompiledPolicy {
  if (FACTS === undefined) throw new RangeError('there is a host');
  return compile({ file: 'policy.vmc', text }, FACTS, {
    readImport: (file) => {
      const found = imported[file];
      return found === undefined
        ? { kind: 'refused', reason: 'there is no such file' }
        : { kind: 'text', text: found };
    },
  });
}

/** Errors only: of an imported file not all has to be used, for example. */
const codesOf = ({ diagnostics }: CompiledPolicy): readonly string[] =>
  diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)
    .sort();

/** Without what says where the policy stood. */
const planOf = ({ plan }: CompiledPolicy): unknown =>
  plan === null ? null : withoutPlaces(JSON.parse(JSON.stringify({ ...plan, policy: null })) as unknown);

/** And the checksum, which is of those too. */
const PLACES: ReadonlySet<string> = new Set(['file', 'range', 'place', 'line', 'column', 'checksum']);

function withoutPlaces(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPlaces);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !PLACES.has(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutPlaces(inner)]));
}
