import { readlinkSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { type HogData, type HogReady, MILLION, STOP_CELL } from './hog-protocol.js';

/*
 * One hog: busy for its part of each period, by the wall clock, asleep for the rest (Dinda and O'Hallaron, Realistic
 * CPU workloads through host load trace playback, LCR 2000).
 */

const PERIOD_MS = 40;
/** How long an idle hog sleeps before it looks again whether there is work; it is also woken. */
const IDLE_MS = 1000;

const { cells, hog } = workerData as HogData;
const cell = 1 + hog;
parentPort?.postMessage({ thread: readlinkSync('/proc/thread-self') } satisfies HogReady);

while (Atomics.load(cells, STOP_CELL) === 0) {
  const duty = Atomics.load(cells, cell);
  if (duty === 0) {
    Atomics.wait(cells, cell, 0, IDLE_MS);
    continue;
  }
  const fromMs = performance.now();
  const busyMs = (PERIOD_MS * duty) / MILLION;
  while (performance.now() - fromMs < busyMs && Atomics.load(cells, STOP_CELL) === 0) {
    // Busy.
  }
  const leftMs = fromMs + PERIOD_MS - performance.now();
  // A change of what is wanted waits for the period to end, as the load that it plays would.
  if (duty < MILLION && leftMs > 0) Atomics.wait(cells, STOP_CELL, 0, leftMs);
}
