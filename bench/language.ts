import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../src/support/package-root.js';
import { type BenchRow, benchRow } from './bench-row.js';

const LINES = 10_000;
const CLASSES = 200;
const CONDITIONS = 30;
const RUNS = 5;
const LARGEST_MS = 1500;
const LARGEST_MB = 300;

/** What checking a policy of 10,000 lines and some 200,000 tokens costs: whole processes, as people start them. */
export function benchLanguage(): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'vmc-bench-'));
  try {
    const policy = join(folder, 'large.vmc');
    writeFileSync(policy, largePolicy());
    const runs = Array.from({ length: RUNS }, () => check(policy));
    const what = `vmc check of ${LINES.toLocaleString('en')} lines`;
    return [
      benchRow(what, median(runs.map(({ ms }) => ms)), 'ms', LARGEST_MS),
      benchRow(`${what}: processor time`, median(runs.map(({ cpuMs }) => cpuMs)), 'ms', null),
      benchRow(`${what}: most memory`, Math.max(...runs.map(({ peakMb }) => peakMb)), 'MB', LARGEST_MB),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Run {
  readonly ms: number;
  readonly cpuMs: number;
  /** Resident, at most. */
  readonly peakMb: number;
}

/** In front of `vmc`: says at the end what the process took. */
const MEASURE = `process.on('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  process.stderr.write('usage ' + JSON.stringify({ peakMb: maxRSS / 1024, cpuMs: (userCPUTime + systemCPUTime) / 1000 }) + '\\n');
});`;

function check(policy: string): Run {
  const vmc = join(packageRoot(), 'bin', 'vmc.cjs');
  const folder = join(policy, '..');
  const measure = join(folder, 'measure.cjs');
  writeFileSync(measure, MEASURE);
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...env } = process.env;
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['--require', measure, vmc, 'check', '-q', policy], {
    encoding: 'utf8',
    env,
  });
  const ms = performance.now() - start;
  const usage = /^usage (.*)$/m.exec(stderr)?.[1];
  if (status !== 0 || usage === undefined) throw new Error(`vmc check ended with ${status}: ${stderr}`);
  return { ms, ...(JSON.parse(usage) as Omit<Run, 'ms'>) };
}

/** Classes and conditions, each used, and sentences of every kind about them, 23 tokens a line. */
function largePolicy(): string {
  const classes = numbers(CLASSES).map(
    (i) =>
      `group g${i} up to 4 vms { match name "g${i}-*" and user "u${i}" vcpus 2 memory 2 GiB task t 1ms every 50ms within 20ms }`,
  );
  const conditions = numbers(CONDITIONS).map(
    (i) =>
      `let c${i} = weekdays 09:00-12:00, 13:00-17:30 except 2026-12-${10 + (i % 20)} or owner.demand > ${50 + i}% for 30s until < 40%`,
  );
  const head = [...classes, ...conditions];
  const sentences = numbers(LINES - head.length).map((i) => {
    const sentence = SENTENCES[i % SENTENCES.length];
    return sentence?.(`g${i % CLASSES}`, (add) => `c${(i + add) % CONDITIONS}`);
  });
  return [...head, ...sentences, ''].join('\n');
}

type Sentence = (group: string, condition: (add: number) => string) => string;

const SENTENCES: readonly Sentence[] = [
  (group, condition) =>
    `when ${condition(0)} { limit each ${group} to 2 cores and 3 GiB memory } otherwise { limit ${group} to 3 cores }`,
  (group, condition) =>
    `when ${condition(0)} and not ${condition(7)} { guarantee each ${group} 0.01 cores and 10 MB/s disk }`,
  (group) =>
    `limit ${group} to 90% of cpu - forecast(owner.demand over 10s at 95%) between 10% and 80% of cpu by quota`,
  (group, condition) =>
    `assert each ${group} at most 25% of cpu while ${condition(0)} and (owner.demand > 30% or host.load < 4)`,
  (group) =>
    `limit each ${group} to 20 MB/s disk and 100 Mbit/s network and 2 GiB memory and 3 cores # at any time`,
];

const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
