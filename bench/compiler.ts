import { compileModel } from '../src/compiler/compile-model.js';
import type { HostFacts } from '../src/compiler/facts.js';
import { analyse } from '../src/lang/index.js';
import { type BenchRow, benchRow } from './bench-row.js';

const HOST: HostFacts = {
  cores: 64,
  memoryBytes: 2 ** 38,
  timezone: 'Europe/Berlin',
  tickNs: 4_000_000,
  hrtickDeadline: true,
  deadlineLimit: 0.95,
  cgroup: { version: 2, cpuset: true, freezer: true, gather: true, ownerAs: 'slices' },
  mechanisms: ['reservation', 'share', 'quota', 'duty', 'freezer'],
  sensors: ['owner.demand'],
};
const CLASSES = 200;
const SENTENCES = 1000;
const RUNS = 5;

/** What compiling a large policy costs: 1,000 sentences about 200 classes, in 24 modes; the median of a few runs. */
export function benchCompiler(): BenchRow[] {
  const text = largePolicy();
  const reading: number[] = [];
  const compiling: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    const { model } = analyse({ file: 'large.vmc', text });
    const read = performance.now();
    if (model === null) throw new Error('the large policy has errors');
    const { plan } = compileModel(model, HOST);
    if (plan === null) throw new Error('the large policy has no plan');
    reading.push(read - start);
    compiling.push(performance.now() - read);
  }
  return [
    benchRow('policy of 1,000 sentences, 200 classes: read and checked', median(reading), 'ms', 500),
    benchRow('the same: compiled, in 24 modes', median(compiling), 'ms', 500),
  ];
}

/** Reservations, guarantees, limits on unions, and limits under four conditions. */
function largePolicy(): string {
  const classes = Array.from(
    { length: CLASSES },
    (_, index) => `group g${index} up to 4 vms { match name "g${index}-*" and user "u${index}" vcpus 2 }`,
  );
  const unions = Array.from({ length: CLASSES / 10 }, (_, index) => {
    const members = Array.from({ length: 10 }, (_, member) => `g${index * 10 + member}`);
    return `group union${index} = ${members.join(', ')}`;
  });
  const conditions = [
    'switch night',
    'switch guest-day',
    'let office = weekdays 09:00-17:00 except 2026-12-24..2027-01-01',
    'let busy = owner.demand > 60% for 30s until < 40%',
  ];
  const sentences = [
    'keep 4 cores for owner',
    'limit guests to 60 cores',
    ...Array.from(
      { length: 60 },
      (_, index) => `reserve g${index} 2ms every ${[20, 40, 50, 100][index % 4]}ms`,
    ),
    ...Array.from({ length: 140 }, (_, index) => `guarantee g${60 + index} 0.05 cores`),
    ...Array.from({ length: CLASSES / 10 }, (_, index) => `limit union${index} to 8 cores`),
  ];
  const guards = ['office', 'busy', 'night', 'guest-day'];
  const blocks = Array.from({ length: Math.ceil((SENTENCES - sentences.length) / 3) }, (_, index) => {
    const name = `g${60 + ((index * 7) % 140)}`;
    const each = `limit each ${name} to ${1 + (index % 5) / 10} cores`;
    const arm = `limit ${name} to ${1 + (index % 7) / 10} cores`;
    return `when ${guards[index % 4]} { ${arm} ${each} } otherwise { limit ${name} to 2 cores }`;
  });
  return [...classes, ...unions, ...conditions, ...sentences, ...blocks].join('\n');
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}
