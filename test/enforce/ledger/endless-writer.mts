import { SLOT_MS } from '../../../src/enforce/ledger/ledger-batch.js';
import { LedgerKeeper } from '../../../src/enforce/ledger/ledger-keeper.js';
import { batchAt, guestUse, ledgerGuest, MONDAY } from './support.js';

/* Writes slot after slot of 50 guests in the directory that is named, and says the number of each that is written, until it is killed. */

const keeper = new LedgerKeeper(process.argv[2] ?? '');
keeper.start(MONDAY);
const guests = Array.from({ length: 50 }, (_, at) => guestUse({ guest: ledgerGuest(`guest ${at}`) }));
for (let slot = 1; ; slot++) {
  keeper.write(batchAt(MONDAY + (slot - 1) * SLOT_MS, { guests }));
  process.stdout.write(`${slot}\n`);
}
