import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { packageRoot } from '../src/support/package-root.js';
import { type BenchRow, benchRow } from './bench-row.js';

const ROUNDS = 40;
const LARGEST_RATIO = 2;

/** What it takes to start vmc, beside bare Node: whole processes, taken in turn so that a busy machine slows both alike. */
export function benchStartup(): BenchRow[] {
  const root = packageRoot();
  const vmc = join(root, 'bin', 'vmc.cjs');
  const policy = join(root, 'examples', 'policies', 'demo.vmc');
  const commands = {
    node: [process.execPath, '-e', '0'],
    compile: [vmc, 'compile', policy],
    check: [vmc, 'check', policy],
  };
  const times = takeTurns(commands);
  return [
    benchRow('node -e 0', times.node, 'ms', null),
    benchRow('vmc compile demo.vmc', times.compile, 'ms', null),
    benchRow('vmc compile demo.vmc against node -e 0', times.compile / times.node, 'times', LARGEST_RATIO),
    benchRow('vmc check demo.vmc against node -e 0', times.check / times.node, 'times', LARGEST_RATIO),
  ];
}

/** Median of each command's wall-clock times, in milliseconds. */
function takeTurns<T extends Record<string, readonly string[]>>(commands: T): Record<keyof T, number> {
  const names = Object.keys(commands) as (keyof T)[];
  const times = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of names) times.get(name)?.push(timeOf(commands[name] as readonly string[]));
  }
  return Object.fromEntries(names.map((name) => [name, median(times.get(name) ?? [])])) as Record<
    keyof T,
    number
  >;
}

function timeOf([program = '', ...args]: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment(),
  });
  const time = performance.now() - start;
  if (status !== 0) throw new Error(`${program} ended with ${status}: ${stderr}`);
  return time;
}

/** Not what this process was started with: the loader of TypeScript would be loaded by each. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...rest } = process.env;
  return rest;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
