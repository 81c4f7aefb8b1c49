import type { Schedule, SettingOf } from '../compiler/plan.js';
import { sampleOf } from './conditions/atom.js';
import type { SignalSource } from './signal-source.js';

/** In which ceilings move, so that a signal's noise does not set quotas anew every second: a hundredth of a core. */
const STEPS_PER_CORE = 100;

/**
 * The schedule with every elastic ceiling where its signal has it now: the base less the signal, kept between its ends,
 * rounded down. At its lower end while the signal is unknown.
 */
export function withElasticCeilings(schedule: Schedule, signals: SignalSource, coreCount: number): Schedule {
  if (!schedule.settings.some((one) => one.mechanism === 'quota' && one.elastic)) return schedule;
  const settings = schedule.settings.map((setting) =>
    setting.mechanism === 'quota' && setting.elastic
      ? { ...setting, ceilingCores: ceilingNow(setting.elastic, signals, coreCount) }
      : setting,
  );
  return { ...schedule, settings };
}

function ceilingNow(
  { base, minus, fromCores, toCores }: NonNullable<SettingOf<'quota'>['elastic']>,
  signals: SignalSource,
  coreCount: number,
): number {
  const percent = sampleOf(minus, signals);
  if (percent === null) return fromCores;
  const cores = base - (percent / 100) * coreCount;
  const stepped = Math.floor(cores * STEPS_PER_CORE + 1e-9) / STEPS_PER_CORE;
  return Math.min(Math.max(stepped, fromCores), toCores);
}
