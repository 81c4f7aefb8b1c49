import type { Model } from '../../lang/model.js';
import { combine } from '../demands/combine.js';
import type { Demands } from '../demands/demands.js';
import { type SettledPolicy, settle } from '../explain/settled-policy.js';
import type { HostFacts } from '../facts.js';
import { Findings } from '../findings.js';
import type { ModelContext } from '../model-context.js';
import type { Situation } from '../modes/situation.js';
import { type Change, type Difference, differences, groupChanges } from './changes.js';
import { Outcomes } from './consequences.js';
import { type DeclarationChange, declarationChanges } from './declarations.js';
import { type JointMode, type JointModes, jointModes } from './joint-modes.js';
import { renamesBetween } from './match-names.js';
import { renamed } from './rename.js';
import { type BudgetSentence, type Term, termsOf } from './term.js';

/** What changes for whom between two policies on one host. */
export interface PolicyDiff {
  /** Who and what there is. */
  readonly declarations: readonly DeclarationChange[];
  /** For whom the sentences that speak of them come to something else. */
  readonly changes: readonly Change[];
  /** What follows from that for the others. */
  readonly consequences: readonly Change[];
  /** What the modes of changes are indices of. */
  readonly modes: readonly Pick<JointMode, 'text' | 'example'>[];
  /** Nobody gets anything else in any mode, and the same guests are meant. */
  readonly equal: boolean;
}

export type DiffResult =
  | { readonly ok: true; readonly diff: PolicyDiff }
  /** One of them has no plan, which is the compiler's to explain. */
  | { readonly ok: false; readonly reason: 'refused' }
  | { readonly ok: false; readonly reason: 'too-many-modes'; readonly conditions: readonly string[] };

/**
 * Compares two checked policies on a host, in all modes that their conditions make together. Pure and exact.
 */
export function diffModels(old: Model, now: Model, facts: HostFacts): DiffResult {
  const renames = renamesBetween(old, now);
  const [before, after] = [settle(renamed(old, renames), facts), settle(now, facts)];
  if (before === null || after === null) return { ok: false, reason: 'refused' };
  const joint = jointModes(before.context, after.context);
  if (!joint.ok) return { ...joint, reason: 'too-many-modes' };
  const declarations = declarationChanges({ old: before.context, new: after.context, renames });
  const sides = { old: sideOf(before, joint.old), new: sideOf(after, joint.new) };
  const { own, others } = compare(sides, joint, declarations.length > 0);
  const values = joint.modes.map((mode) => mode.values);
  const changes = groupChanges(own, values, joint.names);
  return {
    ok: true,
    diff: {
      declarations,
      changes,
      consequences: groupChanges(others, values, joint.names),
      modes: joint.modes.map(({ text, example }) => ({ text, example })),
      equal: declarations.length === 0 && changes.length === 0,
    },
  };
}

interface Side {
  readonly context: ModelContext;
  readonly outcomes: Outcomes;
  readonly situations: readonly Situation[];
  readonly demands: readonly Demands[];
  /** In force in each situation. */
  readonly budgets: readonly (readonly BudgetSentence[])[];
}

function sideOf(settled: SettledPolicy, situations: readonly Situation[]): Side {
  const { context } = settled;
  return {
    context,
    outcomes: new Outcomes(settled),
    situations,
    demands: situations.map((one) => combine(one, { ...context, findings: new Findings() })),
    budgets: situations.map(({ active }) =>
      active.flatMap(({ sentence }) => (sentence.kind === 'budget' ? [sentence] : [])),
    ),
  };
}

type Ok = Extract<JointModes, { ok: true }>;
type BySubject = Map<string, (readonly Difference[])[]>;

/** Each pair of situations once, however many modes are in it. */
function compare(
  { old, new: now }: { readonly old: Side; readonly new: Side },
  { modes }: Ok,
  redeclared: boolean,
): { readonly own: BySubject; readonly others: BySubject } {
  const subjects = subjectsOf(old.context, now.context);
  const [own, others]: [BySubject, BySubject] = [new Map(), new Map()];
  const pairs = new Map<string, { own: DifferencesIn; others: DifferencesIn }>();
  for (const [index, mode] of modes.entries()) {
    const key = `${mode.old} ${mode.new}`;
    const found = pairs.get(key) ?? comparePair(subjects, old, now, mode, redeclared);
    pairs.set(key, found);
    note(found.own, own, index, modes.length);
    note(found.others, others, index, modes.length);
  }
  return { own, others };
}

type DifferencesIn = ReadonlyMap<string, readonly Difference[]>;

function comparePair(
  subjects: readonly string[],
  old: Side,
  now: Side,
  mode: JointMode,
  redeclared: boolean,
): { own: DifferencesIn; others: DifferencesIn } {
  const terms = ({ context, budgets, demands }: Side, at: number, key: string): readonly Term[] =>
    // INVARIANT: a mode's situations are those of its sides.
    termsOf(key, demands[at]!, budgets[at]!, context.host);
  const own = new Map<string, readonly Difference[]>();
  for (const key of subjects) {
    const found = differences(terms(old, mode.old, key), terms(now, mode.new, key));
    if (found.length > 0) own.set(key, found);
  }
  const others = new Map<string, readonly Difference[]>();
  if (own.size === 0 && !redeclared) return { own, others };
  for (const key of subjects) {
    if (own.has(key) || !isIn(key, old.context) || !isIn(key, now.context)) continue;
    const outcomes = ({ outcomes: all, situations }: Side, at: number) => all.of(key, situations[at]!);
    const found = differences(outcomes(old, mode.old), outcomes(now, mode.new));
    if (found.length > 0) others.set(key, found);
  }
  return { own, others };
}

function note(found: DifferencesIn, into: BySubject, mode: number, modes: number): void {
  for (const [key, list] of found) {
    const byMode = into.get(key) ?? Array.from({ length: modes }, () => []);
    byMode[mode] = list;
    into.set(key, byMode);
  }
}

const isIn = (key: string, { population }: ModelContext): boolean =>
  ['owner', 'guests', 'others'].includes(key) || population.classes.has(key) || population.unions.has(key);

function subjectsOf(old: ModelContext, now: ModelContext): readonly string[] {
  const keys = ({ population }: ModelContext) => [...population.unions.keys(), ...population.classes.keys()];
  return [...new Set(['owner', 'guests', ...keys(now), ...keys(old), 'others'])];
}
