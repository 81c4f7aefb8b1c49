import { analyse, type ImportReader } from '../../lang/index.js';
import type { HostDeclaration } from '../../lang/model.js';
import type { EffectiveHost } from '../effective-host.js';
import { contextOf, type ModelContext } from '../model-context.js';
import { type ActiveSentence, type ConditionValues, situationsOf } from '../modes/situation.js';
import type { Mode, Plan } from '../plan.js';
import { policyDigest } from '../policy-digest.js';
import { type SettledModel, settledModel } from './settled-model.js';

/** What a plan keeps: the policy that it was compiled from, in the situations that its modes are. */
export interface HeldPolicy {
  /** About no host in particular. */
  readonly model: SettledModel;
  readonly host: EffectiveHost;
  /** What the host has no mechanism for is left out of the plan. */
  readonly leavesOut: boolean;
  readonly situations: readonly HeldSituation[];
}

/** A situation of the policy, and all modes that are in it: at least one. */
export interface HeldSituation {
  /** What is in force of what the policy says, and of the terms of its offers. */
  readonly said: readonly ActiveSentence[];
  readonly terms: readonly ActiveSentence[];
  readonly modes: readonly Mode[];
}

export type ReadPolicy =
  | { readonly ok: true; readonly policy: HeldPolicy }
  /** `reason`: why the plan does not say what it was compiled from; a clause. */
  | { readonly ok: false; readonly reason: string };

/** What a policy says of its host is in the facts of its plan. */
const UNDECLARED: HostDeclaration = {
  cores: null,
  memoryBytes: null,
  timezone: null,
  mechanisms: null,
  place: null,
};

/** A daemon is asked about one plan many times. */
const known = new WeakMap<Plan, ReadPolicy>();

/** Reads the policy in a plan, for the host of the plan. Pure: a plan that is the same object is read once. */
export function heldPolicy(plan: Plan): ReadPolicy {
  const read = known.get(plan) ?? readPolicy(plan);
  known.set(plan, read);
  return read;
}

function readPolicy({ policy, host, modes }: Plan): ReadPolicy {
  const [root] = policy.files ?? [];
  if (!policy.files || !root) return { ok: false, reason: 'the plan does not contain its policy' };
  if (policyDigest(policy.files) !== policy.digest)
    return { ok: false, reason: 'the policy in the plan is not the one that it was compiled from' };
  const { model } = analyse(root, { readImport: readerOf(policy.files) });
  if (model === null) return { ok: false, reason: 'the policy in the plan has errors' };
  const leavesOut = policy.leavesOut ?? false;
  const settled = settledModel({ ...model, host: UNDECLARED });
  const context = contextOf(settled.all, host, { degrade: leavesOut });
  const values = modes.flatMap((mode) => valuesIn(mode, context) ?? []);
  if (values.length < modes.length || modes.length === 0)
    return { ok: false, reason: 'the modes of the plan are not those of the policy in it' };
  const terms = new Set(settled.terms);
  const { situations, ofMode } = situationsOf(settled.all.sentences, context.table, values);
  return {
    ok: true,
    policy: {
      model: settled,
      host: context.host,
      leavesOut,
      situations: situations.map(({ active }, index) => ({
        said: active.filter(({ sentence }) => !terms.has(sentence)),
        terms: active.filter(({ sentence }) => terms.has(sentence)),
        modes: modes.filter((_, mode) => ofMode[mode] === index),
      })),
    },
  };
}

function readerOf(files: NonNullable<Plan['policy']['files']>): ImportReader {
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  return (file) => {
    const text = texts.get(file);
    return text === undefined ? { kind: 'refused', reason: 'it is not in the plan' } : { kind: 'text', text };
  };
}

/** Null where the mode says nothing of a condition. */
function valuesIn({ id, example, when }: Mode, { table }: ModelContext): ConditionValues | null {
  const values = table.conditions.flatMap((condition) => when[condition.id] ?? []);
  return values.length === table.conditions.length ? { id, example, values } : null;
}
