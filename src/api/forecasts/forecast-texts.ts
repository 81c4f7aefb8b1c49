import {
  type ForecastQuery,
  type ForecastSignals,
  gone,
  type ResolvedQuery,
  resolveQuery,
} from './forecast-query.js';

interface Kept {
  readonly revision: number;
  readonly text: Buffer;
}

/** Beyond so much all is forgotten: what is asked for again is made again. */
const MOST_BYTES = 2 * 1024 * 1024;

/**
 * Forecasts as they go out, in JSON: each is made when it is first asked for, and then answered until there is another sample of its
 * signal. Nothing is made ahead: what nobody asks costs nothing.
 */
export class ForecastTexts {
  readonly #signals: ForecastSignals;
  readonly #kept = new Map<string, Kept>();
  #bytes = 0;

  constructor(signals: ForecastSignals) {
    this.#signals = signals;
  }

  /** Throws a ProblemError where the query cannot be answered. `resolved` where that is known already. */
  text(query: ForecastQuery, resolved?: ResolvedQuery): Buffer {
    const revision = this.#signals.revision(query.signal);
    const key = `${query.horizon} ${query.level} ${query.signal}`;
    const kept = this.#kept.get(key);
    if (kept !== undefined && kept.revision === revision) return kept.text;
    const { horizonNs, level } = resolved ?? resolveQuery(this.#signals, query);
    const forecast = this.#signals.forecast(query.signal, { horizonNs, level });
    if (forecast === null) throw gone(query.signal);
    const text = Buffer.from(JSON.stringify(forecast));
    if (revision !== null) this.#keep(key, kept, { revision, text });
    return text;
  }

  #keep(key: string, before: Kept | undefined, kept: Kept): void {
    this.#bytes += kept.text.length - (before?.text.length ?? 0);
    if (this.#bytes > MOST_BYTES) {
      this.#kept.clear();
      this.#bytes = kept.text.length;
    }
    this.#kept.set(key, kept);
  }
}
