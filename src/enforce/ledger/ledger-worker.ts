import { parentPort } from 'node:worker_threads';
import { invariant } from '../../support/invariant.js';
import { LedgerKeeper } from './ledger-keeper.js';
import type { FromLedgerThread, LedgerTrouble, ToLedgerThread } from './ledger-protocol.js';

/*
 * The ledger's thread: the database blocks for as long as its disk does, and a disk that hangs must not keep the daemon from
 * steering guests.
 */

const port = parentPort;
invariant(port, 'the ledger’s thread is started by the daemon');
const tell = (message: FromLedgerThread): void => port.postMessage(message);
let keeper: LedgerKeeper | null = null;
let told = '[]';

port.on('message', (message: ToLedgerThread) => {
  receive(message);
  const troubles: readonly LedgerTrouble[] = keeper?.troubles ?? [];
  const text = JSON.stringify(troubles);
  if (text !== told) tell({ kind: 'troubles', troubles });
  told = text;
  if (message.kind !== 'close') return;
  tell({ kind: 'closed' });
  port.close();
});

function receive(message: ToLedgerThread): void {
  switch (message.kind) {
    case 'open':
      keeper = new LedgerKeeper(message.directory);
      tell({ kind: 'opened', start: keeper.start(message.nowMs) });
      break;
    case 'write':
      keeper?.write(message.batch);
      break;
    case 'event':
      keeper?.append(message.event);
      break;
    case 'ask':
      answer(message);
      break;
    case 'close':
      keeper?.stop(message.nowMs);
      break;
  }
}

function answer({ id, question, nowMs }: Extract<ToLedgerThread, { kind: 'ask' }>): void {
  try {
    tell({ kind: 'answer', id, answer: keeper?.answer(question, nowMs) });
  } catch (error) {
    tell({ kind: 'no-answer', id, message: error instanceof Error ? error.message : String(error) });
  }
}
