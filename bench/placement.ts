import { type EffectiveHost, effectiveHost } from '../src/compiler/effective-host.js';
import type { HostFacts } from '../src/compiler/facts.js';
import { admitOne } from '../src/compiler/reservations/admission.js';
import { type ServerDemand, server } from '../src/compiler/reservations/server-demand.js';
import { ZERO } from '../src/support/rational.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { LARGE_HOST } from './large-host.js';
import { median } from './median.js';

const NO_DECLARATION = { cores: null, memoryBytes: null, timezone: null, mechanisms: null, place: null };
const TICKS: HostFacts = { ...LARGE_HOST, hrtickDeadline: false };
const PERIODS_MS = [20, 40, 50, 100, 200];
const RUNS = 15;
const LIMIT_MS = 100;

/** What it costs to place servers on cores that they nearly fill; medians, and how that grows with servers and cores. */
export function benchPlacement(): BenchRow[] {
  const tenth = measure(50, 6, 0.9);
  const whole = measure(500, 64, 0.9);
  const tenfold = measure(5000, 640, 0.9);
  return [
    benchRow('placing 500 servers that take 90% of 64 cores', whole, 'ms', LIMIT_MS),
    benchRow('the same with budgets enforced at ticks', measure(500, 64, 0.9, TICKS), 'ms', LIMIT_MS),
    benchRow('500 servers that take 99% of 64 cores', measure(500, 64, 0.99), 'ms', LIMIT_MS),
    benchRow('500 servers that do not fit on 64 cores', measure(500, 64, 1.001), 'ms', LIMIT_MS),
    benchRow('placing 50 servers that take 90% of 6 cores', tenth, 'ms', null),
    benchRow('10 times that', whole / tenth, 'times', null),
    benchRow('100 times that', tenfold / tenth, 'times', null),
  ];
}

/** `part` of what the kernel admits is asked for. */
function measure(count: number, cores: number, part: number, facts: HostFacts = LARGE_HOST): number {
  const host = effectiveHost({ ...facts, cores }, NO_DECLARATION);
  const servers = serversTaking(part * cores * facts.deadlineLimit, count, host);
  return median(
    Array.from({ length: RUNS }, () => {
      const began = performance.now();
      const { ok } = admitOne({ servers, keep: ZERO }, host);
      const tookMs = performance.now() - began;
      if (ok !== part < 1) throw new Error(ok ? 'too much was admitted' : 'servers that fit were refused');
      return tookMs;
    }),
  );
}

/** Servers of many sizes and periods, context switches included: the smallest takes a fifth of what the largest does. */
function serversTaking(demand: number, count: number, host: EffectiveHost): readonly ServerDemand[] {
  const sizes = Array.from({ length: count }, (_, index) => 1 + ((index * 7919) % 401) / 100);
  const all = sizes.reduce((sum, size) => sum + size, 0);
  return sizes.map((size, index) => {
    // INVARIANT: the index is within the list.
    const periodNs = PERIODS_MS[index % PERIODS_MS.length]! * 1_000_000;
    const wantedNs = (periodNs * demand * size) / all - Number(host.contextSwitchesNs);
    const budgetNs = BigInt(Math.ceil(wantedNs / 1000) * 1000);
    return server(
      { class: `c${index}`, member: 0, thread: 'vcpu 0', budgetNs, periodNs: BigInt(periodNs), cores: null },
      host,
    );
  });
}
