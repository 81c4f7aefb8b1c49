import type { ForecastPoint, SignalUnit } from '../../rps/index.js';
import type { HostForecast } from './host-forecasts.js';
import type { Metric, MetricSample, Snapshot } from './metric.js';

interface BaseUnit {
  /** As a metric's name ends; empty: it has none. */
  readonly suffix: string;
  readonly words: string;
  /** How many of a unit of signals are one of it. */
  readonly of: Partial<Readonly<Record<SignalUnit, number>>>;
}

/** Prometheus wants base units, and one in all series of a name. */
const BASE_UNITS: readonly BaseUnit[] = [
  { suffix: '_ratio', words: 'fractions', of: { '% of cpu': 100, '%': 100 } },
  { suffix: '_bytes', words: 'bytes', of: { B: 1 } },
  { suffix: '_bytes_per_second', words: 'bytes per second', of: { 'B/s': 1 } },
  { suffix: '_seconds', words: 'seconds', of: { s: 1, ms: 1000 } },
  { suffix: '_celsius', words: 'degrees Celsius', of: { C: 1 } },
  { suffix: '', words: 'no unit', of: { number: 1 } },
];

const MEAN_LABELS = ['signal', 'horizon'];
const LIMIT_LABELS = [...MEAN_LABELS, 'level'];

const labelsOf = ({ horizon, answer: { signal } }: HostForecast) => ({ signal, horizon });
const withLevel = (one: HostForecast) => ({ ...labelsOf(one), level: one.answer.level });

/** What does not depend on the level, once. */
function atFirstLevel({ host: { forecasts } }: Snapshot): readonly HostForecast[] {
  const [first] = forecasts;
  return forecasts.filter(({ answer }) => answer.level === first?.answer.level);
}

function metricsIn({ suffix, words, of }: BaseUnit): readonly Metric[] {
  const points = (
    forecasts: readonly HostForecast[],
    labels: (one: HostForecast) => MetricSample['labels'] & object,
    value: (point: ForecastPoint) => number,
  ): readonly MetricSample[] =>
    forecasts.flatMap((one) => {
      const { unit, average } = one.answer;
      const divisor = of[unit];
      if (divisor === undefined || average === null) return [];
      return [{ labels: labels(one), value: value(average) / divisor }];
    });
  return [
    {
      name: `vmc_signal${suffix}`,
      help: `Newest sample of the host's signals in ${words}; absent while it is lost.`,
      kind: 'gauge',
      labels: ['signal'],
      samples: ({ host }) =>
        host.signals.flatMap(({ signal, unit, latest }) => {
          const divisor = of[unit];
          if (divisor === undefined || latest === null) return [];
          return [{ labels: { signal }, value: latest / divisor }];
        }),
    },
    {
      name: `vmc_forecast_mean${suffix}`,
      help: `What the host's signals in ${words} are forecast to be on average over the horizon.`,
      kind: 'gauge',
      labels: MEAN_LABELS,
      samples: (snapshot) => points(atFirstLevel(snapshot), labelsOf, ({ mean }) => mean),
    },
    {
      name: `vmc_forecast_lower${suffix}`,
      help: 'Lower end of the two-sided interval of that average at the level.',
      kind: 'gauge',
      labels: LIMIT_LABELS,
      samples: ({ host }) => points(host.forecasts, withLevel, ({ lower }) => lower),
    },
    {
      name: `vmc_forecast_upper${suffix}`,
      help: 'Upper end of the two-sided interval of that average at the level.',
      kind: 'gauge',
      labels: LIMIT_LABELS,
      samples: ({ host }) => points(host.forecasts, withLevel, ({ upper }) => upper),
    },
  ];
}

const USABLE: ReadonlySet<string> = new Set(['ready', 'constant']);

/** What the host's signals are, will be, and how good such forecasts were. */
export const FORECAST_METRICS: readonly Metric[] = [
  ...BASE_UNITS.flatMap(metricsIn),
  {
    name: 'vmc_forecast_coverage_ratio',
    help: 'Share of past averages over about the horizon that lay inside the intervals that were published for them; the level is the audited one nearest to that of the limits.',
    kind: 'gauge',
    labels: LIMIT_LABELS,
    samples: ({ host }) => {
      // Two levels may have the same one nearest to them.
      const byLabels = new Map<string, MetricSample>();
      for (const one of host.forecasts) {
        const { coverage, auditedLevel } = one.answer;
        const labels = { ...labelsOf(one), level: auditedLevel };
        if (coverage !== null) byLabels.set(JSON.stringify(labels), { labels, value: coverage });
      }
      return [...byLabels.values()];
    },
  },
  {
    name: 'vmc_forecast_calibrated',
    help: '1 where the limits over the horizon come from past errors, 0 while too few are known and they are normal ones.',
    kind: 'gauge',
    labels: LIMIT_LABELS,
    samples: ({ host }) =>
      host.forecasts.map((one) => ({
        labels: withLevel(one),
        value: one.answer.calibration.calibrated ? 1 : 0,
      })),
  },
  {
    name: 'vmc_forecast_error_against_last_ratio',
    help: 'Mean squared error of those averages as a fraction of that of the last sample.',
    kind: 'gauge',
    labels: MEAN_LABELS,
    samples: (snapshot) =>
      atFirstLevel(snapshot).flatMap((one) => {
        const value = one.answer.errorAgainstLast;
        return value === null ? [] : [{ labels: labelsOf(one), value }];
      }),
  },
  {
    name: 'vmc_forecast_ready',
    help: '1 where the forecasts of the signal are those of its model, 0 while it warms up or is lost.',
    kind: 'gauge',
    labels: ['signal'],
    samples: ({ host }) => {
      const ready = new Map(
        host.forecasts.map(({ answer }) => [answer.signal, USABLE.has(answer.status) ? 1 : 0]),
      );
      return [...ready].map(([signal, value]) => ({ labels: { signal }, value }));
    },
  },
];
