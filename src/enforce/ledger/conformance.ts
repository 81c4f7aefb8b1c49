import type { LedgerPromise } from './ledger-batch.js';
import type { ConformanceDocument } from './ledger-schema.js';
import { BY_THE_GUEST, MISS_CAUSES, type MissCause } from './miss-cause.js';
import { missOf } from './slack.js';

/** What came of one promise in one mode, over a time. */
export interface ConformanceFigures extends Omit<LedgerPromise, 'guest' | 'subject'> {
  /** Its name, or its key; null: about the sum. */
  readonly guest: string | null;
  readonly user: string | null;
  readonly mode: string;
  readonly elapsedNs: number;
  readonly promisedNs: number;
  readonly deliveredNs: number;
  readonly baseNs: number;
  /** What was missed slot by slot, ns. */
  readonly misses: Map<MissCause, number>;
}

/**
 * Whether a promise was kept, and why not. Every slot of 10 s counts by itself, so that an hour's plenty does not make up for a
 * minute's want. Pure.
 */
export function conformanceOf(figures: ConformanceFigures): ConformanceDocument['promises'][number] {
  const { promisedNs, deliveredNs, baseNs } = figures;
  const misses = new Map(figures.misses);
  const unseenNs = unseenInSlots(figures);
  if (unseenNs > 0) misses.set('unexplained', (misses.get('unexplained') ?? 0) + unseenNs);
  const sorted = [...misses].filter(([, ns]) => ns > 0).sort(([, a], [, b]) => b - a);
  return {
    guest: figures.guest,
    user: figures.user,
    class: figures.class,
    mode: figures.mode,
    mechanism: figures.mechanism,
    summary: figures.summary,
    unit: figures.unit,
    bound: figures.bound,
    promised: baseNs > 0 ? promisedNs / baseNs : 0,
    delivered: baseNs > 0 ? deliveredNs / baseNs : 0,
    measuredNs: figures.elapsedNs,
    kept: sorted.every(([cause]) => BY_THE_GUEST.has(cause)),
    misses: sorted.map(([cause, ns]) => ({ cause, text: MISS_CAUSES[cause], missedNs: ns })),
  };
}

/** A duty cycle of minutes shows in no slot whether it is kept: it is looked at over all of the time, too. ns. */
function unseenInSlots(figures: ConformanceFigures): number {
  const { mechanism, bound, promisedNs, deliveredNs, slackNs, slackRatio, misses } = figures;
  if (mechanism !== 'duty' && mechanism !== 'freezer') return 0;
  const namedNs = [...misses.values()].reduce((sum, ns) => sum + ns, 0);
  const missNs = Math.abs(missOf(bound, promisedNs, deliveredNs));
  return namedNs > 0 ? 0 : missNs - slackNs - slackRatio * promisedNs;
}
