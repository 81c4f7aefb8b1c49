import type { Condition, Model, PolicyTest } from '../../lang/model.js';
import { calendarsIn } from '../calendar/calendars-in.js';
import { isKnownZone } from '../calendar/zone.js';
import type { HostFacts } from '../facts.js';
import type { ModelContext } from '../model-context.js';
import type { Truth } from '../plan.js';
import { elasticValue } from '../scenario/elastic-value.js';
import { givenGuests, populationFor } from '../scenario/given-guests.js';
import { type Moment, momentAt } from '../scenario/moments.js';
import { Scene } from '../scenario/scene.js';
import { distinctCases, type TimedCase } from '../scenario/test-cases.js';
import { type ConditionReason, conditionReasons } from './condition-reasons.js';
import { type SettledPolicy, type SettledSituation, settleOne } from './settled-policy.js';
import type { Knowledge } from './view.js';

/** Situations to explain a subject in. */
export interface Explained {
  readonly context: ModelContext;
  readonly conditions: readonly ConditionReason[] | null;
  readonly cases: readonly ExplainedCase[];
}

export interface ExplainedCase {
  readonly values: readonly Truth[];
  /** RFC 9557; null where no calendar plays a part. */
  readonly example: string | null;
  readonly settled: SettledSituation;
  readonly knowledge: Knowledge;
}

export type GivenResult =
  | { readonly ok: true; readonly explained: Explained }
  /** The clocks go forward over the time, or no schedule keeps the policy then. */
  | { readonly ok: false; readonly reason: 'skipped-time' | 'no-schedule' };

/** The situations that a policy is in under given facts: one, or without a time those that differ by it. */
export function givenSituations(
  subject: string,
  test: PolicyTest,
  model: Model,
  facts: HostFacts,
  settled: SettledPolicy,
): GivenResult {
  const scene = new Scene(model, facts);
  const { context } = scene;
  const conditions = guardConditions(context);
  const moments = momentsOf(test, conditions, scene);
  if (moments === null) return { ok: false, reason: 'skipped-time' };
  const cases = distinctCases(test, moments, scene);
  const explained = cases.map((one) => caseOf(subject, test, one, context, settled));
  if (explained.includes(null)) return { ok: false, reason: 'no-schedule' };
  const reasons = conditionReasons(
    conditions,
    cases.map(({ world }) => world),
    {
      test,
      clock: test.at === null ? null : clockText(test.at),
      host: context.host,
      textOf: (condition) => scene.textOf(condition),
    },
  );
  return {
    ok: true,
    explained: { context, conditions: reasons, cases: explained.flatMap((one) => one ?? []) },
  };
}

function guardConditions({ model }: ModelContext): readonly Condition[] {
  return model.sentences.flatMap(({ guards }) => guards.map(({ condition }) => condition));
}

function momentsOf(
  { at }: PolicyTest,
  conditions: readonly Condition[],
  scene: Scene,
): readonly Moment[] | null {
  const zone = scene.context.host.facts.timezone;
  if (at === null) return scene.momentsOf(calendarsIn(conditions));
  const moment = momentAt(at, isKnownZone(zone) ? zone : 'UTC');
  return moment === null ? null : [moment];
}

/**
 * With the schedule of the plan; what the host's sensors could never say is planned by itself. Null where
 * that fails.
 */
function caseOf(
  subject: string,
  test: PolicyTest,
  { values, moment, situation, world }: TimedCase,
  context: ModelContext,
  { modes, ofMode, situations }: SettledPolicy,
): ExplainedCase | null {
  const key = values.join(' ');
  const mode = modes.findIndex((one) => one.values.join(' ') === key);
  const planned = mode < 0 ? undefined : situations[ofMode[mode] ?? -1];
  const settled = planned ? { situation, schedule: planned.schedule } : settleOne(situation, context);
  if (settled === null) return null;
  const { host, population } = context;
  const counts = givenGuests(test, population);
  const isGiven = test.given.some(({ kind }) => kind === 'guests');
  return {
    values,
    example: moment.instant,
    settled,
    knowledge: {
      elastic: (ceiling) => elasticValue(ceiling, world, host),
      population: isGiven ? populationFor(subject, counts, population) : population,
    },
  };
}

/** "2026-11-23 10:00". */
export function clockText({ date, minute }: NonNullable<PolicyTest['at']>): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date} ${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
