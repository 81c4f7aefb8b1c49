import type { RatePromise } from '../model/rate-promise.js';
import type { ScheduleModel } from '../model/schedule-model.js';
import type { Span } from '../replay/replay.js';
import type { PromiseUse } from './simulation-report.js';

/** Less than that is a float's rounding. Cores. */
const SLACK = 1e-6;
const FIRST = 10;
const CORE_HOUR_MS = 3_600_000;

interface Entry {
  readonly subject: string;
  readonly kind: RatePromise['kind'];
  promised: number;
  delivered: number;
  ms: number;
  shortMs: number;
  short: number;
  violations: number;
  longestMs: number;
  readonly first: { atMs: number; ms: number; shortCores: number }[];
  /** Of the violation under way; null: none. */
  currentMs: number | null;
  /** Up to where it was looked at. */
  toMs: number;
}

/** Promised against delivered, promise by promise, over a replay; sums are in core-milliseconds. */
export class PromiseRecord {
  readonly #entries = new Map<string, Entry>();
  readonly #byModel = new Map<ScheduleModel, readonly Entry[]>();

  add({ fromMs, toMs, model, allocation }: Span): void {
    this.#entriesUnder(model).forEach((entry, at) => {
      const { promised, delivered } = allocation.promises[at] ?? { promised: 0, delivered: 0 };
      const ms = toMs - fromMs;
      const short = promised - delivered;
      entry.promised += promised * ms;
      entry.delivered += delivered * ms;
      entry.ms += ms;
      if (short > SLACK) violate(entry, fromMs, ms, short);
      else entry.currentMs = null;
      entry.toMs = toMs;
    });
  }

  /** `instant` writes an instant. */
  uses(instant: (ms: number) => string): readonly PromiseUse[] {
    return [...this.#entries.values()].map((entry) => ({
      subject: entry.subject,
      kind: entry.kind,
      promisedCores: entry.promised / entry.ms,
      deliveredCores: entry.delivered / entry.ms,
      seconds: entry.ms / 1000,
      shortSeconds: entry.shortMs / 1000,
      shortCoreHours: entry.short / CORE_HOUR_MS,
      violations: entry.violations,
      longestViolationSeconds: entry.longestMs / 1000,
      first: entry.first.map(({ atMs, ms, shortCores }) => ({
        at: instant(atMs),
        seconds: ms / 1000,
        shortCores,
      })),
    }));
  }

  #entriesUnder(model: ScheduleModel): readonly Entry[] {
    const known = this.#byModel.get(model);
    if (known) return known;
    const entries = model.promises.map(({ subject, kind }) => this.#entryOf(subject, kind));
    this.#byModel.set(model, entries);
    return entries;
  }

  #entryOf(subject: string, kind: RatePromise['kind']): Entry {
    const key = `${kind} ${subject}`;
    const known = this.#entries.get(key);
    if (known) return known;
    const sums = { promised: 0, delivered: 0, ms: 0, shortMs: 0, short: 0, violations: 0, longestMs: 0 };
    const entry: Entry = {
      subject,
      kind,
      ...sums,
      first: [],
      currentMs: null,
      toMs: Number.NEGATIVE_INFINITY,
    };
    this.#entries.set(key, entry);
    return entry;
  }
}

function violate(entry: Entry, fromMs: number, ms: number, short: number): void {
  // While nothing was promised a violation ended.
  if (entry.currentMs === null || entry.toMs < fromMs) {
    entry.currentMs = 0;
    entry.violations += 1;
    if (entry.first.length < FIRST) entry.first.push({ atMs: fromMs, ms: 0, shortCores: 0 });
  }
  entry.currentMs += ms;
  entry.shortMs += ms;
  entry.short += short * ms;
  entry.longestMs = Math.max(entry.longestMs, entry.currentMs);
  const shown = entry.first.at(-1);
  if (shown === undefined || entry.violations > FIRST) return;
  shown.ms += ms;
  shown.shortCores = Math.max(shown.shortCores, short);
}
