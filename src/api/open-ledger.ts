import { NO_RECORDS, type Records } from '../enforce/account/bookkeeping.js';
import { EventLog } from '../enforce/event-log.js';
import { LedgerThread } from '../enforce/ledger/ledger-thread.js';
import type { Clock } from '../support/clock.js';

/** What is known of the time before, and where what comes is kept. */
export interface OpenLedger {
  /** Null: nothing is kept. */
  readonly ledger: LedgerThread | null;
  /** Goes on where that of the daemon before ended. */
  readonly events: EventLog;
  readonly records: Records;
  close(): Promise<void>;
}

/** The ledger in a directory, with every event from now on written to it; without one, what is kept in memory. Never rejects. */
export async function openLedger(directory: string | undefined, clock: Clock): Promise<OpenLedger> {
  if (directory === undefined) {
    return { ledger: null, events: new EventLog(), records: NO_RECORDS, close: async () => {} };
  }
  const ledger = new LedgerThread(directory, clock);
  const { budgets, ...before } = await ledger.start();
  const events = new EventLog(undefined, before);
  const unsubscribe = events.subscribe((event) => ledger.append(event));
  const close = () => {
    unsubscribe();
    return ledger.stop();
  };
  return { ledger, events, records: { ledger, budgets }, close };
}
