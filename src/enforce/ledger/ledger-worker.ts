import { parentPort } from 'node:worker_threads';
import { invariant } from '../../support/invariant.js';
import { HistoryKeeper } from '../history/history-keeper.js';
import type { DatabaseTrouble } from './kept-database.js';
import { LedgerKeeper } from './ledger-keeper.js';
import type { FromLedgerThread, PastQuestion, ToLedgerThread } from './ledger-protocol.js';

/*
 * The thread of the ledger and of the history: the database blocks for as long as its disk does, and a disk that hangs must not keep the daemon from
 * steering guests.
 */

const port = parentPort;
invariant(port, 'the ledger’s thread is started by the daemon');
const tell = (message: FromLedgerThread): void => port.postMessage(message);
let keeper: LedgerKeeper | null = null;
let history: HistoryKeeper | null = null;
let told = '[]';

port.on('message', (message: ToLedgerThread) => {
  receive(message);
  const troubles: readonly DatabaseTrouble[] = [...(keeper?.troubles ?? []), ...(history?.troubles ?? [])];
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
      history = new HistoryKeeper(message.directory);
      history.start(message.nowMs);
      break;
    case 'write':
      keeper?.write(message.batch);
      break;
    case 'event':
      keeper?.append(message.event);
      break;
    case 'record':
      history?.write(message.blocks, message.nowMs);
      break;
    case 'ask':
      answer(message);
      break;
    case 'close':
      keeper?.stop(message.nowMs);
      history?.stop();
      break;
  }
}

function answer({ id, question, nowMs }: Extract<ToLedgerThread, { kind: 'ask' }>): void {
  try {
    tell({ kind: 'answer', id, answer: answerTo(question, nowMs) });
  } catch (error) {
    tell({ kind: 'no-answer', id, message: error instanceof Error ? error.message : String(error) });
  }
}

function answerTo(question: PastQuestion, nowMs: number): unknown {
  switch (question.kind) {
    case 'samples':
    case 'recent':
      return history?.answer(question, nowMs);
    default:
      return keeper?.answer(question, nowMs);
  }
}
