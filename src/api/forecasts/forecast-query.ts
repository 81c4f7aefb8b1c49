import { nearest } from '../../lang/did-you-mean.js';
import { DEFAULT_MAX_STEPS, type SignalStore } from '../../rps/index.js';
import { formatDuration, parseDuration } from '../../support/duration.js';
import { ProblemError } from '../problem.js';
import { DURATION_FORM, LEVEL_FORM, parseLevel } from '../routes/parameters.js';

/** What forecasts are asked of. */
export type ForecastSignals = Pick<SignalStore, 'forecast' | 'revision' | 'signal' | 'signals'>;

/** A forecast as it is asked for. */
export interface ForecastQuery {
  readonly signal: string;
  /** A time: '30s'. */
  readonly horizon: string;
  /** '95%' or '0.95'. */
  readonly level: string;
}

/** What a query comes to on this host. */
export interface ResolvedQuery {
  readonly horizonNs: number;
  readonly level: number;
  /** How many steps the forecast will have. */
  readonly steps: number;
}

export const DEFAULT_HORIZON = '30s';
export const DEFAULT_LEVEL = '95%';

/** So many steps of forecasts, beyond those of a single one, are as much work as another request. */
export const STEPS_OF_ONE_REQUEST = 100;

/** Of so many signals, at most, the one that was meant is looked for. */
const MOST_CANDIDATES = 200;

/** Throws a ProblemError that says what is wrong with a query, and what can be asked instead. */
export function resolveQuery(signals: ForecastSignals, query: ForecastQuery): ResolvedQuery {
  const level = parseLevel(query.level);
  if (level === null) throw new ProblemError('bad-request', `level must be ${LEVEL_FORM}`);
  const info = signals.signal(query.signal);
  if (info === null) {
    const hint = signalHint(signals, query.signal);
    throw new ProblemError('not-found', `there is no signal ${query.signal} on this host; ${hint}`);
  }
  if (!info.forecast) throw new ProblemError('not-found', noForecast(query.signal));
  const horizonNs = Number(parseDuration(query.horizon) ?? Number.NaN);
  if (Number.isNaN(horizonNs)) throw new ProblemError('bad-request', `horizon must be ${DURATION_FORM}`);
  const steps = Math.ceil(horizonNs / info.stepNs);
  if (steps >= 1 && steps <= DEFAULT_MAX_STEPS) return { horizonNs, level, steps };
  const [least, most] = [info.stepNs, DEFAULT_MAX_STEPS * info.stepNs].map((ns) => formatDuration(ns));
  const detail = `a forecast of ${query.signal} looks ${least} to ${most} ahead, not ${query.horizon}`;
  throw new ProblemError('bad-request', detail);
}

/** What somebody can do who asked for a signal that there is not. */
export function signalHint(signals: Pick<ForecastSignals, 'signals'>, name: string): string {
  const names = signals.signals().map(({ signal }) => signal);
  // Of guests there may be very many, and nobody writes their keys.
  const candidates = names.filter((one) => !one.startsWith('guest.')).slice(0, MOST_CANDIDATES);
  const meant = nearest(name, candidates);
  return meant === null ? 'GET /v1/series lists those that there are' : `did you mean ${meant}?`;
}

/** Of a signal that was there when it was asked for. */
export const gone = (signal: string): ProblemError =>
  new ProblemError('gone', `${signal} is not recorded any more; GET /v1/series lists what is`);

/** Of a Boolean. */
const noForecast = (name: string): string =>
  `${name} is true or false, of which there is no forecast; GET /v1/series/${encodeURIComponent(name)} has its samples`;
