import type { Applied } from '../applied.js';
import { BudgetLedger, holdersOf } from '../budgets/budget-ledger.js';
import type { BudgetUse } from '../budgets/budget-use.js';
import type { ClassifiedGuest } from '../classify.js';
import type { BudgetSource } from '../conditions/atom.js';
import type { ConditionStates } from '../conditions/condition-states.js';
import type { FindingDraft } from '../findings.js';
import type { Observation } from '../host.js';
import { isInForce } from '../is-in-force.js';
import type { DatabaseTrouble } from '../ledger/kept-database.js';
import type { LedgerBatch, LedgerSlot } from '../ledger/ledger-batch.js';
import { LedgerBook } from '../ledger/ledger-book.js';
import type { PlanIndex } from '../plan-index.js';
import type { Finding } from '../status.js';
import { AccountBook } from './account-book.js';
import { measureInterval } from './measure.js';
import { intervalBetween } from './usage.js';

/** Where what is measured is kept. `write` is called every 10 s; it neither throws nor waits. */
export interface LedgerSink {
  write(batch: LedgerBatch): void;
  readonly troubles: readonly DatabaseTrouble[];
}

/** Where records go, and what they say of the time before. */
export interface Records {
  readonly ledger: LedgerSink;
  readonly budgets: readonly BudgetUse[];
}

/** Keeps nothing: use of budgets is counted in memory. */
export const NO_RECORDS: Records = { ledger: { write: () => {}, troubles: [] }, budgets: [] };

/** One interval that has ended, and how things stood in it. */
export interface EndedInterval {
  readonly index: PlanIndex;
  readonly applied: Applied;
  readonly after: Observation;
  readonly wallMs: number;
  readonly conditions: ConditionStates['conditions'];
  readonly findings: readonly Finding[];
  readonly settling: boolean;
}

/** All that is measured: for status, for the ledger, and against budgets. It lasts as long as the enforcer, whatever its plan. */
export class Bookkeeping {
  readonly #sink: LedgerSink;
  readonly #ledger = new LedgerBook();
  readonly #budgets: BudgetLedger;
  #book = new AccountBook();

  constructor({ ledger, budgets }: Records) {
    this.#sink = ledger;
    this.#budgets = new BudgetLedger(budgets);
  }

  get book(): AccountBook {
    return this.#book;
  }

  get budgets(): BudgetLedger {
    return this.#budgets;
  }

  /** Another plan: what status shows begins anew; ledger and budgets go on. */
  beginPlan(): void {
    this.#book = new AccountBook();
  }

  beginMode(): void {
    this.#book.beginMode();
  }

  record({ index, applied, after, wallMs, conditions, findings, settling }: EndedInterval): void {
    const { mode, classified, observation, desired } = applied;
    const { schedule } = mode;
    const { timetable } = desired;
    const interval = intervalBetween(observation, after);
    const samples = measureInterval(index, schedule, classified, interval, timetable);
    this.#book.record(mode.id, classified, samples, interval, after.atNs);
    this.#budgets.count(index, classified, interval, conditions, wallMs);
    const slot = this.#ledger.record({
      index,
      mode: mode.id,
      schedule,
      timetable,
      classified,
      interval,
      samples,
      wallMs,
      settling,
      findings,
      isInForce: (guest, setting) => isInForce(applied, guest, setting),
    });
    this.#write(slot);
  }

  /** Hands over what has been gathered. */
  close(): void {
    this.#write(this.#ledger.close());
  }

  /** For conditions: whether a budget is used up at this instant; one of every guest, whether all of them have used theirs up. */
  budgetsAt(index: PlanIndex, classified: readonly ClassifiedGuest[], nowMs: number): BudgetSource {
    return (id) => {
      const budget = index.plan.budgets.find((one) => one.id === id);
      if (budget === undefined) return { spent: false, untilMs: null };
      const readings = holdersOf(index, budget, classified).map((holder) =>
        this.#budgets.reading(index.plan, budget, holder, nowMs),
      );
      const spent = readings.length > 0 && readings.every((one) => one.spent);
      return { spent, untilMs: readings[0]?.untilMs ?? null };
    };
  }

  findings(): readonly FindingDraft[] {
    return this.#sink.troubles.map(({ code, message, fallback }) => ({
      code,
      severity: 'error' as const,
      subject: null,
      message,
      fallback,
    }));
  }

  #write(slot: LedgerSlot | null): void {
    if (slot !== null) this.#sink.write({ ...slot, budgets: this.#budgets.takeChanges() });
  }
}
