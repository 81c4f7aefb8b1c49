import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { waitUntil, wakeAll } from '../../../src/enforce/linux/syscalls.js';
import { until } from '../../support/guests/until.js';

const { EAGAIN, ETIMEDOUT } = constants.errno;
const MS = 1_000_000n;
const MODULE = fileURLToPath(new URL('../../../src/enforce/linux/syscalls.ts', import.meta.url));

describe('waiting on a word that threads share', () => {
  const shared = new SharedArrayBuffer(16);
  const word = Buffer.from(shared, 8, 4);
  const bell = new Int32Array(shared, 8, 1);
  const scratch = Buffer.alloc(16);
  const now = (): bigint => process.hrtime.bigint();

  it('ends at its time, never before', () => {
    const from = now();
    expect(waitUntil(word, Atomics.load(bell, 0), from + 20n * MS, scratch)).to.equal(-ETIMEDOUT);
    expect(now() - from >= 20n * MS).to.equal(true);
  });

  it('does not begin where the word is another already', () => {
    const from = now();
    expect(waitUntil(word, Atomics.load(bell, 0) + 1, from + 10_000n * MS, scratch)).to.equal(-EAGAIN);
    expect(now() - from < 5_000n * MS).to.equal(true);
  });

  it('ends when somebody changes the word and wakes who waits', async () => {
    const code = `require('tsx/cjs');
      const { parentPort, workerData } = require('worker_threads');
      const { waitUntil } = require(workerData.module);
      parentPort.postMessage('ready');
      const far = process.hrtime.bigint() + 60_000_000_000n;
      parentPort.postMessage(waitUntil(Buffer.from(workerData.shared, 8, 4), 0, far, Buffer.alloc(16)));`;
    const waiting = new Worker(code, { eval: true, workerData: { shared, module: MODULE } });
    const answers: unknown[] = [];
    waiting.on('message', (answer) => answers.push(answer));
    await until(() => answers.length === 1);
    Atomics.add(bell, 0, 1);
    // It may not wait yet: then it finds the word changed.
    await until(() => wakeAll(word) === 1 || answers.length === 2);
    await until(() => answers.length === 2);
    expect(answers[1]).to.be.oneOf([0, -EAGAIN]);
    await waiting.terminate();
  });
});
