import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { connect } from '../src/api/client.js';
import { type BenchRow, benchRow } from './bench-row.js';
import type { Answered, Asked } from './query-client.js';

const CONNECTIONS = 16;
const SECONDS = 5;
/** A core has to answer so many a second; at half of that 99 of 100 within {@link MOST_P99_MS}. */
const PER_SECOND = 10_000;
const MOST_P99_MS = 2;

const ONE: readonly Asked[] = [{ path: '/v1/forecast/owner.demand?horizon=30s&level=95%25' }];
const TWELVE = ['owner.demand', 'host.cpu', 'guests.cpu', 'owner.cpu'].flatMap((signal) =>
  ['1s', '10s', '30s'].map((horizon) => ({ signal, horizon })),
);
const MANY: readonly Asked[] = TWELVE.map(({ signal, horizon }) => ({
  path: `/v1/forecast/${signal}?horizon=${horizon}&level=95%25`,
}));
const TOGETHER: readonly Asked[] = [{ path: '/v1/forecasts', body: { queries: TWELVE } }];
/** Of the same signals over the same horizons, and all other metrics: nothing of it is answered from memory. */
const SCRAPE: readonly Asked[] = [{ path: '/metrics' }];

/** What it costs to be asked, on one core: the daemon's interface in one process, a client in another. */
export async function benchQueries(): Promise<BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-bench-queries-'));
  const socket = join(directory, 'vmcd.sock');
  const bareSocket = join(directory, 'bare.sock');
  const server = spawn(process.execPath, [programOf('query-server'), socket, bareSocket], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  insist(server.pid);
  try {
    await once(createInterface({ input: server.stdout }), 'line');
    // Until its code is compiled.
    await load(socket, socket, MANY);
    const one = await load(socket, socket, ONE);
    const many = await load(socket, socket, MANY);
    const together = await load(socket, socket, TOGETHER);
    const scrape = await load(socket, socket, SCRAPE);
    const bare = await load(bareSocket, socket, ONE);
    const waitedBeforeMs = waitedMs(server.pid);
    const half = await load(socket, socket, ONE, PER_SECOND / 2);
    const waitedPerSecondMs = (waitedMs(server.pid) - waitedBeforeMs) / (half.answers / (PER_SECOND / 2));
    const limitUs = 1e6 / PER_SECOND;
    return [
      benchRow('forecast of 30 steps asked on the unix socket, time of one core', one.cpuUs, 'us', limitUs),
      benchRow('12 forecasts asked in turn, the same', many.cpuUs, 'us', limitUs),
      benchRow('12 forecasts asked together, each', together.cpuUs / TWELVE.length, 'us', null),
      benchRow('a scrape of /metrics with 12 forecasts', scrape.cpuUs, 'us', null),
      benchRow('node:http alone with the same bytes, the same', bare.cpuUs, 'us', null),
      benchRow('the daemon against node:http', one.cpuUs / bare.cpuUs, 'times', null),
      benchRow('queries answered beside the client', one.perSecond, '/s', null),
      benchRow(`99th percentile at ${PER_SECOND / 2}/s`, half.p99Ms, 'ms', MOST_P99_MS),
      benchRow(`median at ${PER_SECOND / 2}/s`, half.p50Ms, 'ms', null),
      benchRow('the daemon waited for a processor meanwhile', waitedPerSecondMs, 'ms/s', null),
    ];
  } finally {
    await end(server);
    rmSync(directory, { recursive: true, force: true });
  }
}

/**
 * Puts the session of a process before what else the machine does, where that is allowed (root) and sessions are scheduled as such
 * (autogroup): a core is to be measured, and not who else has it.
 */
function insist(pid: number | undefined): void {
  try {
    writeFileSync(`/proc/${pid}/autogroup`, '-20');
  } catch {
    // Then the figures are those of a machine that is shared.
  }
}

/** Time that the main thread of a process was ready and had no processor, for others had them. */
const waitedMs = (pid: number | undefined): number =>
  Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;

const programOf = (name: string): string => fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));

/** What a client meets who asks on `where`, and the CPU time that each answer took of the server, all its threads. */
async function load(
  where: string,
  socket: string,
  asked: readonly Asked[],
  rate = 0,
): Promise<Answered & { readonly cpuUs: number }> {
  const before = await cpuSeconds(socket);
  const args = [where, JSON.stringify(asked), CONNECTIONS, SECONDS, rate].map(String);
  const client = spawn(process.execPath, [programOf('query-client'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  });
  insist(client.pid);
  const answered = JSON.parse(await text(client.stdout)) as Answered;
  if (answered.failed > 0 || answered.answers === 0) throw new Error(`${answered.failed} queries failed`);
  const seconds = (await cpuSeconds(socket)) - before;
  return { ...answered, cpuUs: (1e6 * seconds) / answered.answers };
}

/** Of the server's process, as it says itself. */
async function cpuSeconds(socket: string): Promise<number> {
  const client = connect({ socket });
  const metrics = await client.metrics();
  client.close();
  return Number(/^process_cpu_seconds_total (\S+)$/m.exec(metrics)?.[1]);
}

async function end(server: ChildProcess): Promise<void> {
  const ended = once(server, 'exit');
  server.stdin?.end();
  await ended;
}
