import { connect, type Socket } from 'node:net';
import { median } from './median.js';

/** What is sent again and again; with a body by POST. */
export interface Asked {
  readonly path: string;
  readonly body?: unknown;
}

/** What came of it; times are of a client, in milliseconds. */
export interface Answered {
  /** In the measured time. */
  readonly perSecond: number;
  /** All of them, and of those the ones without status 200. */
  readonly answers: number;
  readonly failed: number;
  readonly p50Ms: number;
  /** The median of those of each second: what else a machine does makes single seconds bad. */
  readonly p99Ms: number;
}

/*
 * A scheduler that does nothing but ask, in a process of its own, so that what is measured beside it is the daemon:
 * `query-client.mjs SOCKET ASKED CONNECTIONS SECONDS RATE`. ASKED is JSON; RATE 0: the next as soon as one is answered; else so many a second,
 * whatever the daemon does, and latency is counted from when a request was due. Writes one document of JSON.
 */

const [socket = '', asked = '[]', connections = '1', seconds = '1', rate = '0'] = process.argv.slice(2);
const requests = (JSON.parse(asked) as Asked[]).map(({ path, body }) => {
  const text = body === undefined ? '' : JSON.stringify(body);
  const head = [`${text === '' ? 'GET' : 'POST'} ${path} HTTP/1.1`, 'Host: vmcd'];
  if (text !== '') head.push('Content-Type: application/json', `Content-Length: ${Buffer.byteLength(text)}`);
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${text}`);
});
const HEAD_END = Buffer.from('\r\n\r\n');
const OK = Buffer.from('HTTP/1.1 200 ');

/** What is measured after so long: until then the daemon's code is compiled. */
const WARM_UP_MS = 1000;

/** By the second in which they were answered. */
const latenciesMs: number[][] = Array.from({ length: Number(seconds) }, () => []);
const begunMs = performance.now();
const measuredFromMs = begunMs + WARM_UP_MS;
const endMs = measuredFromMs + Number(seconds) * 1000;
let [sent, answers, failed] = [0, 0, 0];

/** One connection, one request at a time; answers are read by their length. */
class Asker {
  #socket: Socket = this.#open();
  #rest: Buffer = Buffer.alloc(0);
  #dueMs = 0;
  busy = false;

  ask(dueMs: number): void {
    this.busy = true;
    this.#dueMs = dueMs;
    this.#socket.write(requests[sent++ % requests.length]!);
  }

  close(): void {
    this.#socket.destroy();
  }

  #open(): Socket {
    return connect(socket).on('data', (piece) => this.#read(piece));
  }

  #read(piece: Buffer): void {
    this.#rest = this.#rest.length === 0 ? piece : Buffer.concat([this.#rest, piece]);
    const head = this.#rest.indexOf(HEAD_END);
    if (head < 0) return;
    const text = this.#rest.toString('latin1', 0, head);
    const length = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    if (this.#rest.length < head + HEAD_END.length + length) return;
    if (!this.#rest.subarray(0, OK.length).equals(OK)) failed++;
    answers++;
    const nowMs = performance.now();
    latenciesMs[Math.floor((nowMs - measuredFromMs) / 1000)]?.push(nowMs - this.#dueMs);
    this.#rest = Buffer.alloc(0);
    this.busy = false;
    // The daemon lets go of a connection after so many requests.
    if (/connection: close/i.test(text)) {
      this.#socket.destroy();
      this.#socket = this.#open();
    }
    answered(this, nowMs);
  }
}

const askers = Array.from({ length: Number(connections) }, () => new Asker());
const perMs = Number(rate) / 1000;
let dispatched = 0;

function answered(asker: Asker, nowMs: number): void {
  if (nowMs >= endMs) finish();
  else if (perMs === 0) asker.ask(nowMs);
}

/** Sends what is due over connections that are free. */
function dispatch(): void {
  const nowMs = performance.now();
  const due = Math.floor((nowMs - begunMs) * perMs);
  while (dispatched < due) {
    const free = askers.find((one) => !one.busy);
    if (!free) return;
    free.ask(begunMs + ++dispatched / perMs);
  }
  if (nowMs >= endMs) finish();
}

let finished = false;
function finish(): void {
  if (finished) return;
  finished = true;
  for (const asker of askers) asker.close();
  const perSecond = latenciesMs.reduce((sum, { length }) => sum + length, 0) / latenciesMs.length;
  const [p50Ms, p99Ms] = [0.5, 0.99].map((q) => median(latenciesMs.map((one) => quantile(one, q))));
  const result: Answered = { perSecond, answers, failed, p50Ms: p50Ms ?? 0, p99Ms: p99Ms ?? 0 };
  console.log(JSON.stringify(result));
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(q * (sorted.length - 1))] ?? 0;
}

/** Without resting: a timer would be a millisecond late, and that would count as the daemon's. */
function keepDispatching(): void {
  dispatch();
  if (!finished) setImmediate(keepDispatching);
}

if (perMs === 0) for (const asker of askers) asker.ask(performance.now());
else keepDispatching();
