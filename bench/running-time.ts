import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DaemonProcess } from '../demo/daemon-process.js';
import { type Client, connect } from '../src/api/client.js';
import { packageRoot } from '../src/support/package-root.js';
import type { BenchOptions } from './bench-options.js';
import type { BenchRow } from './bench-row.js';
import { ProbeGuest } from './probe-guest.js';
import { type Load, lehmer, type Place, type ProbePart, probeParts } from './probe-plan.js';
import { ProbeProcess } from './probe-process.js';
import { type ProbeResult, probeRows } from './probe-scores.js';

const POLICY = join('bench', 'policies', 'running-time.vmc');
const TRACE = join('test', 'rps', 'fixtures', 'traces', 'vm2-cpu-1hz.csv');
/** Where the trace's load begins. */
const TRACE_FROM = '10min';
/** Until AR(16) has the samples that it needs. */
const WARM_UP_MS = 75_000;
/** Work of a size is that within a fifth. */
const SIZE_WITHIN = 0.2;
const MOST_GAP_MS = 300;

const CLASSES: Readonly<Record<Place, string | null>> = {
  outside: null,
  share: 'gold',
  duty: 'lent',
  reservation: 'sure',
};

/** Somebody who can be told to work. */
interface Prober {
  run(workNs: number): Promise<number>;
  stop(): void | Promise<void>;
}

/**
 * Compute-bound probes of 0.1 to 30 CPU-seconds, outside guests and inside guests under shares, a duty cycle and a
 * reservation, while a recorded load is played (none, light, heavy), each asked about before it begins: how often the
 * 95% interval holds what comes, and errors against LAST and "no contention". `--probes N` for about so many in all,
 * `--part LOAD[-PLACE]` for a piece; `--results FILE` appends to those of earlier pieces, which are summed up with it
 * (and beside it, in FILE.state, what the daemon has learnt from them). Takes 25 min on two processors. Needs root.
 */
export async function benchRunningTime({
  part,
  probes,
  results,
}: BenchOptions): Promise<readonly BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-running-time-'));
  const file = results === null ? join(directory, 'results.jsonl') : resolve(results);
  const state = `${file}.state`;
  mkdirSync(state, { recursive: true });
  const before = { ...process.env };
  Object.assign(process.env, { VMC_RUNTIME_DIR: directory, VMC_STATE_DIR: state });
  try {
    for (const one of probeParts(part, probes)) {
      await runPart(one, state, (result) => appendFileSync(file, `${JSON.stringify(result)}\n`));
    }
    return probeRows(readResults(file));
  } finally {
    Object.assign(process.env, { VMC_RUNTIME_DIR: '', VMC_STATE_DIR: '' }, before);
    rmSync(directory, { recursive: true, force: true });
  }
}

function readResults(file: string): ProbeResult[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as ProbeResult);
}

async function runPart(
  { load, probes }: ProbePart,
  state: string,
  report: (result: ProbeResult) => void,
): Promise<void> {
  const daemon = new DaemonProcess(connect(), state);
  const replay = load === 'none' ? null : startReplay(load);
  const random = lehmer(probes.length + 1);
  let prober = null as { readonly place: Place; readonly who: Prober } | null;
  try {
    await daemon.start(join(packageRoot(), POLICY));
    await delay(WARM_UP_MS);
    for (const { place, sizeSeconds } of probes) {
      if (prober?.place !== place) {
        await prober?.who.stop();
        prober = null;
        prober = { place, who: await startProber(place, daemon.client) };
      }
      await delay(random() * MOST_GAP_MS);
      if (replay !== null && replay.exitCode !== null)
        throw new Error('the load has ended before the probes');
      const workNs = Math.round(sizeSeconds * 1e9 * (1 + SIZE_WITHIN * (2 * random() - 1)));
      const result = await probe(daemon.client, prober.who, place, workNs);
      report({ load, place, sizeSeconds, ...result });
    }
  } finally {
    await prober?.who.stop();
    if (replay !== null) await endReplay(replay);
    await daemon.stop();
  }
}

async function startProber(place: Place, client: Client): Promise<Prober> {
  const name = CLASSES[place];
  if (name !== null) return ProbeGuest.start(name, client);
  const outside = new ProbeProcess();
  await outside.start();
  return outside;
}

/** Asks, has the work done, and tells how long it took. */
async function probe(
  client: Client,
  prober: Prober,
  place: Place,
  workNs: number,
): Promise<Omit<ProbeResult, 'load' | 'place' | 'sizeSeconds'>> {
  const name = CLASSES[place];
  const answer = await client.runningTime(`${workNs}ns`, name === null ? {} : { class: name });
  const tookNs = await prober.run(workNs);
  const { id, expectedNs, lowerNs, upperNs, basis } = answer;
  if (id === null || expectedNs === null || lowerNs === null || upperNs === null)
    throw new Error(`no time was answered: ${answer.never}`);
  await client.runningTimeOutcome(id, `${Math.round(tookNs)}ns`);
  return {
    workNs,
    expectedNs,
    lowerNs,
    upperNs,
    tookNs,
    lastNs: workNs / basis.coresAsNow,
    aloneNs: workNs / basis.aloneCores,
    outcomes: basis.outcomes,
  };
}

function startReplay(load: Exclude<Load, 'none'>): ChildProcess {
  const root = packageRoot();
  const replay = ['replay-load', join(root, TRACE), '--load', load, '--from', TRACE_FROM];
  const command = ['--pdeathsig', 'TERM', '--', process.execPath, join(root, 'bin', 'vmc.cjs'), ...replay];
  return spawn('setpriv', command, { stdio: ['ignore', 'inherit', 'inherit'] });
}

async function endReplay(replay: ChildProcess): Promise<void> {
  if (replay.exitCode !== null || replay.signalCode !== null) return;
  const gone = once(replay, 'exit');
  replay.kill('SIGTERM');
  await gone;
}
