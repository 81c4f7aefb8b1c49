import { DEFAULT_MAX_STEPS, type ForecastAnswer, isHostSignal, type SignalInfo } from '../../rps/index.js';
import { formatDuration, parseDuration } from '../../support/duration.js';
import { Turns } from '../../support/turns.js';
import type { ForecastSignals } from '../forecasts/forecast-query.js';
import { ProblemError } from '../problem.js';
import { LEVEL_FORM, parseLevel } from '../routes/parameters.js';

/** The forecast of the average of one of the host's signals, for a metric. */
export interface HostForecast {
  /** '10s': the value of the label. */
  readonly horizon: string;
  readonly answer: ForecastAnswer;
}

/** What of the host's signals is measured and forecast, for metrics. */
export interface HostForecasts {
  /** With a forecast; of guests, classes and policies there are none. */
  readonly signals: readonly SignalInfo[];
  readonly forecasts: readonly HostForecast[];
}

export interface ForecastChoice {
  readonly horizonsNs: readonly number[];
  readonly levels: readonly number[];
}

export const DEFAULT_HORIZONS = ['1s', '10s', '30s'] as const;
export const DEFAULT_LEVELS = ['95%'] as const;

/** What is sampled most seldom is so every 10 s. */
const LONGEST_STEP_NS = 10e9;

/** What a scraper asks for. Throws a ProblemError where that is no horizon or level. */
export function forecastChoice(horizons: readonly string[], levels: readonly string[]): ForecastChoice {
  const most = DEFAULT_MAX_STEPS * LONGEST_STEP_NS;
  const horizonsNs = horizons.map((text) => {
    const ns = Number(parseDuration(text) ?? 0n);
    if (ns > 0 && ns <= most) return ns;
    throw new ProblemError(
      'bad-request',
      `horizon: nothing is forecast ${text} ahead; 1s to 10min, for example, are`,
    );
  });
  const asked = levels.map((text) => {
    const level = parseLevel(text);
    if (level === null) throw new ProblemError('bad-request', `level must be ${LEVEL_FORM}`);
    return level;
  });
  return { horizonsNs: [...new Set(horizonsNs)], levels: [...new Set(asked)] };
}

/**
 * Forecasts of all of the host's signals; of each over those of the horizons that are a whole number of its steps, so that a label says
 * what was forecast. How many steps they have together is told before any is made: `spend` may throw. Others have their turns
 * meanwhile.
 */
export async function hostForecasts(
  signals: ForecastSignals,
  { horizonsNs, levels }: ForecastChoice,
  spend: (steps: number) => void,
): Promise<HostForecasts> {
  const infos = signals.signals().filter(({ signal, forecast }) => forecast && isHostSignal(signal));
  const wanted = infos.flatMap(({ signal, stepNs }) =>
    horizonsNs
      .map((horizonNs) => ({ signal, horizonNs, steps: horizonNs / stepNs }))
      .filter(({ steps }) => Number.isInteger(steps) && steps <= DEFAULT_MAX_STEPS),
  );
  spend(wanted.reduce((sum, { steps }) => sum + steps, 0) * levels.length);
  const forecasts: HostForecast[] = [];
  const turns = new Turns();
  for (const { signal, horizonNs } of wanted) {
    await turns.pass();
    for (const level of levels) {
      const answer = signals.forecast(signal, { horizonNs, level });
      if (answer !== null) forecasts.push({ horizon: formatDuration(horizonNs), answer });
    }
  }
  return { signals: infos, forecasts };
}
