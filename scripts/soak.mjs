#!/usr/bin/env node
/*
 * `npm run soak -- --minutes 30`: the daemon of dist/ with guests that come and go every few seconds, a switch that changes the
 * mode, and a policy that is replaced; memory and descriptors of daemon and guardian are sampled. Exit code 1 when either grows by
 * more than stated below, by a straight line through the samples after the first third.
 *
 * It needs root. It runs in a pid namespace and a slice of its own, so that the guests of the host are none of its business, and
 * without CAP_SYS_NICE, so that it takes none of the host's reservations.
 */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ROOT } from './lib/root.mjs';

/**
 * Over the rest of the run, by the line: more than the heap of a collector that has yet to run; files that are kept open for each
 * thread of the host (its load is read every second) come and go with guests.
 */
const MOST_GROWTH = {
  kilobytes: { daemon: 12_288, guardian: 512 },
  descriptors: { daemon: 16, guardian: 1 },
};
const SAMPLE_MS = 5000;
const GUESTS = 6;
const STEP_MS = 1000;

const { values: options } = parseArgs({
  options: { minutes: { type: 'string', default: '30' }, inside: { type: 'boolean', default: false } },
});
const minutes = Number(options.minutes);
if (!(minutes > 0)) throw new RangeError(`--minutes takes a number above 0, not ${options.minutes}`);
process.exitCode = options.inside ? await soak() : runInside();

function runInside() {
  if (process.getuid() !== 0) throw new Error('npm run soak needs root, for a pid namespace of its own');
  const isolated = ['unshare', '--pid', '--mount-proc', '--fork', '--kill-child'];
  const plain = ['setpriv', '--bounding-set', '-sys_nice', '--inh-caps', '-sys_nice', '--'];
  const [program, ...args] = [...isolated, ...plain, process.execPath, ...process.argv.slice(1), '--inside'];
  return spawnSync(program, args, { stdio: 'inherit' }).status ?? 1;
}

async function soak() {
  const { register } = await import('tsx/esm/api');
  register();
  const { startGuest } = await import('../guests/start-guest.ts');
  const directory = mkdtempSync(join(tmpdir(), 'vmc-soak-'));
  const env = { ...process.env, VMC_RUNTIME_DIR: directory, VMC_SLICE: `vmc-soak-${Date.now()}.slice` };
  const policy = join(directory, 'soak.vmc');
  replacePolicy(policy, 0);
  const log = join(directory, 'log');
  const daemon = spawn(
    'sh',
    ['-c', `exec "$0" "$@" 2>${log}`, process.execPath, join(ROOT, 'bin/vmcd.cjs'), policy],
    {
      env,
      stdio: 'ignore',
    },
  );
  const guests = [];
  const samples = [];
  const end = Date.now() + minutes * 60_000;
  let turns = 0;
  let nextSample = 0;
  try {
    while (Date.now() < end && daemon.exitCode === null && daemon.signalCode === null) {
      turns += 1;
      guests.push(await startGuest({ name: `soak-${turns % 3}` }));
      if (guests.length > GUESTS) await guests.shift().stop();
      if (turns % 5 === 0) vmc(env, ['set', 'gaming', turns % 2 === 0 ? 'on' : 'off']);
      if (turns % 7 === 0) replacePolicy(policy, turns);
      if (Date.now() >= nextSample) {
        samples.push(sampleOf(daemon.pid));
        nextSample = Date.now() + SAMPLE_MS;
      }
      await delay(STEP_MS);
    }
    const lived = daemon.exitCode === null && daemon.signalCode === null;
    if (!lived) console.log(readFileSync(log, 'utf8').slice(-4000));
    return report(samples, turns, lived);
  } finally {
    daemon.kill('SIGTERM');
    if (daemon.exitCode === null) await new Promise((resolve) => daemon.once('exit', resolve));
    for (const guest of guests) await guest.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Atomically, as editors do; every third one has an error, and must not be taken. */
function replacePolicy(file, turn) {
  const run = 100 + 10 * (turn % 20);
  const text = [
    'vm first { match name "soak-0"  vcpus 1 }',
    'group others-of-ours up to 4 vms { match name "soak-1"  vcpus 1 }',
    'switch gaming',
    `when gaming { run first ${run}ms every 500ms } otherwise { run first 400ms every 500ms }`,
    'share cpu among first 3, others-of-ours 1',
    ...(turn % 3 === 2 ? ['limit nobody to 10% of cpu'] : []),
  ].join('\n');
  writeFileSync(`${file}.new`, `${text}\n`);
  renameSync(`${file}.new`, file);
}

function vmc(env, args) {
  spawnSync(process.execPath, [join(ROOT, 'bin/vmc.cjs'), ...args], { env, stdio: 'ignore' });
}

function sampleOf(pid) {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((tid) =>
    readFileSync(`/proc/${pid}/task/${tid}/children`, 'utf8').split(' ').filter(Boolean),
  );
  const guardian = children.find((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'perl');
  return { daemon: usageOf(pid), guardian: guardian === undefined ? null : usageOf(guardian) };
}

function usageOf(pid) {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    kilobytes: Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]),
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
  };
}

function report(samples, turns, lived) {
  console.log(
    `soak: ${minutes} minutes, ${turns} guests, ${samples.length} samples; the daemon ${lived ? 'lives' : 'DIED'}`,
  );
  const settled = samples.slice(Math.floor(samples.length / 3));
  let isFlat = lived && settled.length >= 3;
  for (const what of ['kilobytes', 'descriptors']) {
    for (const who of ['daemon', 'guardian']) {
      const values = settled.flatMap((sample) => (sample[who] === null ? [] : [sample[who][what]]));
      const growth = slopeOf(values) * values.length;
      const most = MOST_GROWTH[what][who];
      const verdict = growth <= most ? 'flat' : 'GROWS';
      if (!(growth <= most)) isFlat = false;
      console.log(
        `  ${who} ${what}: ${Math.min(...values)} to ${Math.max(...values)}, by the line ${growth.toFixed(1)} (at most ${most}): ${verdict}`,
      );
    }
  }
  return isFlat ? 0 : 1;
}

/** Of the line through equidistant values, by least squares: per step. */
function slopeOf(values) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = (values.length - 1) / 2;
  let [above, below] = [0, 0];
  values.forEach((value, at) => {
    above += (at - middle) * (value - mean);
    below += (at - middle) ** 2;
  });
  return below === 0 ? 0 : above / below;
}
