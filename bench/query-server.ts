import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { listenOnSocket } from '../src/api/listening-socket.js';
import { createServer } from '../src/api/server.js';
import { spendLittle } from '../src/api/spend-little.js';
import { SignalStore } from '../src/rps/index.js';
import { systemClock } from '../src/support/clock.js';
import { fakeServices } from '../test/api/fake-services.js';

/*
 * `query-server.mjs SOCKET BARE`: the daemon's HTTP interface as it is, on signals of a recorded trace that go on at 1 Hz, until its stdin ends.
 * On the other socket `node:http` alone, which answers the same bytes to everything: what there is to lose.
 */

const [socket = '', bareSocket = ''] = process.argv.slice(2);
const SIGNALS = ['owner.demand', 'host.cpu', 'guests.cpu', 'owner.cpu'];
const TRACE = new URL('../test/rps/fixtures/traces/vm2-cpu-1hz.csv', import.meta.url);
/** As many as a predictor warms up from. */
const PAST = 1200;

spendLittle();
const trace = Float64Array.from(readFileSync(TRACE, 'utf8').trim().split('\n').slice(1), Number);
const signals = new SignalStore({ clock: systemClock });
const begunNs = systemClock.monotonicNs();
let next = 0;
function sample(atNs: bigint): void {
  for (const signal of SIGNALS) signals.record(signal, trace[next % trace.length]!, atNs);
  next++;
}
for (let ago = PAST; ago > 0; ago--) sample(begunNs - BigInt(ago) * 1_000_000_000n);
setInterval(() => sample(systemClock.monotonicNs()), 1000);

const app = await createServer({ ...fakeServices(), signals });
await listenOnSocket(app.server, socket);
const same = Buffer.from(JSON.stringify(signals.forecast('owner.demand', { horizonNs: 30e9, level: 0.95 })));
const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': same.length };
const bare = createHttpServer((_, response) => response.writeHead(200, headers).end(same));
await listenOnSocket(bare, bareSocket);
console.log('ready');
process.stdin.resume().once('end', () => process.exit());
