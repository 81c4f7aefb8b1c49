import { type HistoryBlock, LONGEST_BLOCK_MS } from '../../rps/history/history-block.js';
import { HistoryGrid } from '../../rps/history/history-grid.js';
import { HISTORY_LEVELS, levelOfAge } from '../../rps/history/history-levels.js';
import type { Database } from '../ledger/database.js';
import { blockOf, progressOf } from './roll-up.js';

/** What is asked of the history. Times are wall-clock ms. */
export type HistoryQuestion =
  | {
      readonly kind: 'samples';
      readonly signal: string;
      readonly fromMs: number;
      /** Means over so long, or over what is kept of that time, whichever is longer. */
      readonly stepMs: number;
    }
  /** The newest samples of every signal, to warm up from. */
  | { readonly kind: 'recent' };

export interface HistoryAnswers {
  /** Null: no sample of that signal is kept since then. */
  readonly samples: HistoryBlock | null;
  readonly recent: readonly HistoryBlock[];
}

const HOUR_MS = 3_600_000;
/** To warm up: an hour, or so many samples where they come seldom. */
const WARM_UP_PLACES = 1200;
/** Of the signals that are sampled most seldom. */
const SELDOM_MS = WARM_UP_PLACES * 10_000;
/** No more than this is handed over at once: of thousands of signals a part of the hour. */
const MOST_SAMPLES = 4_000_000;

/** Answers questions about recorded samples from a history's file. */
export class HistoryReader {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** `nowMs`: what is later has not happened yet. */
  answer<K extends HistoryQuestion['kind']>(
    question: Extract<HistoryQuestion, { kind: K }>,
    nowMs: number,
  ): HistoryAnswers[K];
  answer(question: HistoryQuestion, nowMs: number): HistoryAnswers[HistoryQuestion['kind']] {
    return question.kind === 'samples' ? this.#samples(question, nowMs) : this.#recent(nowMs);
  }

  #samples(question: Extract<HistoryQuestion, { kind: 'samples' }>, nowMs: number): HistoryBlock | null {
    const { signal } = question;
    const find = this.#database.prepare('SELECT id FROM signals WHERE name = ?');
    const [[id = null] = []] = find.all(signal);
    if (id === null) return null;
    const askedMs = Math.max(question.fromMs, nowMs - HISTORY_LEVELS[2].keptMs);
    const level = levelOfAge(nowMs - askedMs);
    const rows = this.#rows(Number(id), level, askedMs, nowMs);
    // A signal that is sampled more seldom than its level is fine has no more samples than it has.
    const coarsest = rows.reduce((most, { stepMs }) => Math.max(most, stepMs), 0);
    if (coarsest === 0) return null;
    const stepMs = Math.max(question.stepMs, HISTORY_LEVELS[level].stepMs, coarsest);
    const fromMs = Math.floor(askedMs / stepMs) * stepMs;
    const grid = new HistoryGrid(fromMs, stepMs, Math.max(0, Math.ceil((nowMs - fromMs) / stepMs)));
    for (const block of rows) grid.add(block);
    return { signal, fromMs, stepMs, values: grid.means() };
  }

  /** Of one signal: each level from where it begins to be needed up to where the finer one below has the rest. */
  #rows(signal: number, level: 0 | 1 | 2, fromMs: number, nowMs: number): ReturnType<typeof blockOf>[] {
    const rows = this.#database.prepare(
      'SELECT signal, at_ms, step_ms, count, data FROM samples WHERE level = ? AND at_ms >= ? AND at_ms < ? AND signal = ?',
    );
    const blocks: ReturnType<typeof blockOf>[] = [];
    let sinceMs = fromMs;
    for (let at: number = level; at >= 0 && sinceMs < nowMs; at--) {
      const untilMs = at === 0 ? nowMs : Math.min(nowMs, progressOf(this.#database, at === 1 ? 1 : 2) ?? 0);
      if (untilMs <= sinceMs) continue;
      // A row that begins before reaches into the time.
      const reachMs = at === 0 ? LONGEST_BLOCK_MS : (HISTORY_LEVELS[at]?.rowMs ?? 0);
      for (const row of rows.iterate(at, sinceMs - reachMs, untilMs, signal)) {
        blocks.push(within(blockOf(row), sinceMs, untilMs));
      }
      sinceMs = untilMs;
    }
    return blocks.filter(({ values }) => values.length > 0);
  }

  #recent(nowMs: number): readonly HistoryBlock[] {
    const rows = this.#database.prepare(
      'SELECT name, at_ms, step_ms, count, data FROM samples JOIN signals ON id = signal WHERE level = 0 AND at_ms >= ? AND at_ms <= ? ORDER BY at_ms DESC',
    );
    const found = new Map<string, ReturnType<typeof blockOf>[]>();
    let samples = 0;
    for (const row of rows.iterate(nowMs - SELDOM_MS, nowMs)) {
      const block = blockOf(row);
      if (block.fromMs < nowMs - Math.max(HOUR_MS, WARM_UP_PLACES * block.stepMs)) continue;
      samples += block.values.length;
      if (samples > MOST_SAMPLES) break;
      const name = String(row[0]);
      const blocks = found.get(name) ?? [];
      found.set(name, blocks);
      blocks.push(block);
    }
    return [...found].flatMap(([signal, blocks]) => joined(signal, blocks.reverse()));
  }
}

/** Blocks in the order of time as one, in the step of the last; those in another are from before a change, and left out. */
function joined(signal: string, blocks: readonly Omit<HistoryBlock, 'signal'>[]): readonly HistoryBlock[] {
  const last = blocks.at(-1);
  if (last === undefined) return [];
  const { stepMs } = last;
  const same = blocks.filter((block) => block.stepMs === stepMs);
  const fromMs = same[0]?.fromMs ?? last.fromMs;
  const places = Math.ceil((last.fromMs - fromMs) / stepMs) + last.values.length;
  const grid = new HistoryGrid(fromMs, stepMs, places);
  for (const block of same) grid.add(block);
  return [{ signal, fromMs, stepMs, values: grid.means() }];
}

/** The part of a block whose places begin in [fromMs, untilMs). */
function within(
  block: ReturnType<typeof blockOf>,
  fromMs: number,
  untilMs: number,
): ReturnType<typeof blockOf> {
  const { stepMs } = block;
  const skipped = Math.max(0, Math.ceil((fromMs - block.fromMs) / stepMs));
  const end = Math.max(skipped, Math.ceil((untilMs - block.fromMs) / stepMs));
  return { fromMs: block.fromMs + skipped * stepMs, stepMs, values: block.values.subarray(skipped, end) };
}
