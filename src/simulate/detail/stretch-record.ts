import type { Schedule } from '../../compiler/plan.js';
import type { Span } from '../replay/replay.js';
import { randomFrom } from '../trace/random.js';
import { type Moment, momentOf, type TimedMoment } from './moment.js';
import type { Change, HeldMoment, Stretch } from './stretch.js';

/** What came within that time of a change belongs to it: others may follow before it is over. */
const AFTER_MS = 3000;
const SEED = 1;
/** Of each schedule. */
const DRAWN = 3;

interface Held {
  ms: number;
  mostWanted: number;
  busiest: Moment | null;
  /** Each drawn from all its time. */
  readonly drawn: Moment[];
}

interface OpenChange {
  readonly key: string;
  readonly before: Moment;
  readonly after: TimedMoment[];
  readonly untilMs: number;
}

interface Changed {
  times: number;
  /** Changes in the time that belongs to it, then what was wanted. */
  score: readonly [changes: number, wanted: number];
  change: Pick<Change, 'before' | 'after'> | null;
}

/**
 * Picks from the spans of a replay what is worth running in detail: of every schedule the moment at which most was wanted
 * and some drawn at random from all its time; of every change between two schedules the one that most others followed at
 * once, or else the one at which most was wanted.
 */
export class StretchRecord {
  readonly #held = new Map<Schedule, Held>();
  readonly #changed = new Map<string, Changed>();
  readonly #random = randomFrom(SEED);
  #open: OpenChange[] = [];
  #before: { readonly schedule: Schedule; readonly moment: Moment } | null = null;

  add(span: Span): void {
    const { schedule } = span.mode;
    const before = this.#before;
    const moment = momentOf(span);
    if (before !== null && before.schedule !== schedule) {
      const key = `${before.schedule.id} ${schedule.id}`;
      this.#open.push({ key, before: before.moment, after: [], untilMs: span.fromMs + AFTER_MS });
    }
    if (this.#open.length > 0) this.#follow(span, moment);
    this.#hold(span, moment);
    this.#before = { schedule, moment };
  }

  /** Those of the schedules that were in force longest, and the most frequent changes, first; one of each kind in turn. */
  stretches(): readonly Stretch[] {
    for (const one of this.#open.splice(0)) this.#close(one);
    const held = [...this.#held.values()].sort((a, b) => b.ms - a.ms);
    const moments = (of: (one: Held) => readonly Moment[]) =>
      held.flatMap((one) => of(one).map((moment): HeldMoment => ({ kind: 'moment', moment })));
    const busiest = moments(({ busiest }) => (busiest ? [busiest] : []));
    const others = moments(({ busiest, drawn }) =>
      drawn.filter((one, at) => ![busiest, ...drawn.slice(0, at)].some((other) => isAlike(one, other))),
    );
    const changes = [...this.#changed.values()]
      .sort((a, b) => b.times - a.times)
      .flatMap(({ change, times }): readonly Change[] =>
        change ? [{ kind: 'change', ...change, times }] : [],
      );
    return inTurn<Stretch>([busiest, changes, others]);
  }

  #hold({ fromMs, toMs, mode }: Span, moment: Moment): void {
    let held = this.#held.get(mode.schedule);
    if (held === undefined) {
      held = { ms: 0, mostWanted: -1, busiest: null, drawn: [] };
      this.#held.set(mode.schedule, held);
    }
    held.ms += toMs - fromMs;
    const wanted = wantedIn(moment);
    if (wanted > held.mostWanted) {
      held.mostWanted = wanted;
      held.busiest = moment;
    }
    for (let at = 0; at < DRAWN; at++) {
      if (this.#random() * held.ms < toMs - fromMs) held.drawn[at] = moment;
    }
  }

  #follow({ fromMs, toMs }: Span, moment: Moment): void {
    for (const one of this.#open) {
      one.after.push({ moment, ms: Math.min(toMs, one.untilMs) - fromMs });
      if (toMs >= one.untilMs) this.#close(one);
    }
    this.#open = this.#open.filter(({ untilMs }) => toMs < untilMs);
  }

  #close({ key, before, after }: OpenChange): void {
    if (after.length === 0) return;
    const entry = this.#changed.get(key) ?? { times: 0, score: [-1, -1], change: null };
    this.#changed.set(key, entry);
    entry.times += 1;
    const schedules = [before, ...after.map(({ moment }) => moment)].map(({ mode }) => mode.schedule);
    const changes = schedules.filter((one, at) => at > 0 && one !== schedules[at - 1]).length;
    const wanted = wantedIn(before) + (after[0] ? wantedIn(after[0].moment) : 0);
    const [mostChanges, mostWanted] = entry.score;
    if (changes < mostChanges || (changes === mostChanges && wanted <= mostWanted)) return;
    entry.score = [changes, wanted];
    entry.change = { before, after };
  }
}

/** Of two moments under one schedule: everybody wants the same, under the same limits. */
const isAlike = (one: Moment, other: Moment | null): boolean =>
  other !== null &&
  JSON.stringify([one.demand, one.ceilings]) === JSON.stringify([other.demand, other.ceilings]);

/** Cores. */
function wantedIn({ allocation }: Moment): number {
  let sum = allocation.ownerWantedCores;
  for (const cores of allocation.wanted) sum += cores;
  return sum;
}

function inTurn<T>(lists: readonly (readonly T[])[]): readonly T[] {
  const longest = Math.max(...lists.map(({ length }) => length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list.slice(at, at + 1))).flat();
}
