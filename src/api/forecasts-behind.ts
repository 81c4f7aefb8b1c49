import type { Plan, Setting } from '../compiler/plan.js';
import { subjectText } from '../enforce/conditions/atom-text.js';
import type { ComparisonAtom } from '../enforce/conditions/comparison.js';
import type { ForecastAnswer } from '../rps/index.js';
import type { LiveExplanation } from './live-explanation-schema.js';

/** A forecast that a policy compares something with. */
export type AskedForecast = Extract<ComparisonAtom['subject'], { readonly kind: 'forecast' }>;
/** What such a forecast's limits are now; by its text in the policy. */
export type ForecastsNow = ReadonlyMap<string, ForecastAnswer>;

/** Every forecast of the plan's conditions and elastic limits, once. */
export function forecastsIn(plan: Plan): AskedForecast[] {
  const subjects = [
    ...plan.atoms.flatMap((atom) => (atom.kind === 'comparison' ? [atom.subject] : [])),
    ...plan.schedules.flatMap(({ settings }) => settings.flatMap(elasticOf)),
  ];
  const asked = subjects.filter((one) => one.kind === 'forecast');
  return [...new Map(asked.map((one) => [subjectText(one), one])).values()];
}

/**
 * The two-sided level, one of whose limits is the one-sided limit that was asked for; 0 for the median, which is no limit. Below an
 * even chance it is the limit on the other side.
 */
export const twoSidedLevel = ({ level }: AskedForecast): number => Math.abs(2 * level - 1);

/** How far the limits are corrected that these conditions' tests and these settings' elastic limits are about. */
export function limitsBehind(
  plan: Plan,
  atoms: ReadonlySet<string>,
  settings: readonly Setting[],
  now: ForecastsNow,
): LiveExplanation['limits'] {
  const subjects = [
    ...plan.atoms.flatMap((atom) => (atom.kind === 'comparison' && atoms.has(atom.id) ? [atom.subject] : [])),
    ...settings.flatMap(elasticOf),
  ];
  const texts = new Map(
    subjects.flatMap((one) => (one.kind === 'forecast' ? [[subjectText(one), one] as const] : [])),
  );
  return [...texts].flatMap(([text, asked]) => {
    const calibration = now.get(text)?.calibration;
    if (calibration === undefined) return [];
    const { calibrated, errors } = calibration;
    const isUpper = (asked.side === 'upper') === asked.level > 0.5;
    const { effectiveLevel, auditedLevel, held } = isUpper ? calibration.upper : calibration.lower;
    const level = Math.max(asked.level, 1 - asked.level);
    return [{ text, level, calibrated, errors, effectiveLevel, auditedLevel, held }];
  });
}

const elasticOf = (setting: Setting): ComparisonAtom['subject'][] =>
  setting.mechanism === 'quota' && setting.elastic ? [setting.elastic.minus] : [];
