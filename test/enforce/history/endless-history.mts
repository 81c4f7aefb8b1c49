import { HistoryKeeper } from '../../../src/enforce/history/history-keeper.js';
import { MINUTE, minute, START } from './support.js';

/* Writes minute after minute of 50 signals in the directory that is named, and says the number of each that is written, until it is killed. */

const keeper = new HistoryKeeper(process.argv[2] ?? '');
keeper.start(START);
for (let at = 1; ; at++) {
  const atMs = START + (at - 1) * MINUTE;
  keeper.write(
    Array.from({ length: 50 }, (_, signal) => minute(`s${signal}`, atMs, (place) => at + place)),
    atMs + MINUTE,
  );
  process.stdout.write(`${at}\n`);
}
