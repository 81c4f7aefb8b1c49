import { deriveInterface, type SearchTerms } from '../src/compiler/interface/index.js';
import type { GuestTask } from '../src/lang/model.js';
import { rational } from '../src/support/rational.js';
import { type BenchRow, benchRow } from './bench-row.js';
import { median } from './median.js';

const TERMS: SearchTerms = {
  tickNs: 0,
  granuleNs: 1000,
  overheadNs: 20_000,
  leastBudgetNs: 2000,
  leastPeriodNs: 100_000,
  mostPeriodNs: 4_000_000_000,
  mostRate: rational(19n, 20n),
};
const RUNS = 31;

/** What deriving the servers of a guest costs; medians, and beside them that of the first call in a process. */
export function benchInterface(): BenchRow[] {
  const shorter = guestTasks((index) => ({ cost: 0.5, period: 17 + 9 * index, deadline: 9 + 7 * index }));
  const busy = guestTasks((index) => ({ cost: (20 + 13 * index) * 0.044, period: 20 + 13 * index }));
  const crowded = guestTasks((index) => ({ cost: (20 + 13 * index) * 0.15, period: 20 + 13 * index }));
  const first = timed(() => deriveInterface({ tasks: shorter, windows: [] }, 1, TERMS));
  const twenty = deriving(shorter, 1);
  const sharingHalf = (count: number) => deriving(guestTasks(sharing(count), count), 1);
  const [two, few, many] = [sharingHalf(2), sharingHalf(20), sharingHalf(200)];
  return [
    benchRow('interface of 20 tasks on one vCPU, the first in a process', first, 'ms', null),
    benchRow('the same', twenty, 'ms', 5),
    benchRow('the same with budgets enforced at ticks of 4 ms', deriving(shorter, 1, 4_000_000), 'ms', 5),
    benchRow('interface of 20 tasks that need 0.88 of a core', deriving(busy, 1), 'ms', 5),
    benchRow('interfaces of 20 tasks on 4 vCPUs that need 3.02 cores', deriving(crowded, 4), 'ms', null),
    benchRow('interface of 2 tasks that need 0.5 of a core', two, 'ms', null),
    benchRow('10 times as many tasks', few / two, 'times', null),
    benchRow('100 times as many tasks', many / two, 'times', null),
  ];
}

/** Tasks that need half a core together, however many they are, with periods of a tenth of a second to a second. */
const sharing =
  (count: number): Shape =>
  (index) => {
    const period = 100 + ((index * 137) % 900);
    return { cost: (period * 0.5) / count, period };
  };

type Shape = (index: number) => { cost: number; period: number; deadline?: number };

function guestTasks(shape: Shape, count = 20): readonly GuestTask[] {
  const nanoseconds = (ms: number) => BigInt(Math.round(ms * 1000)) * 1000n;
  return Array.from({ length: count }, (_, index) => {
    const { cost, period, deadline = period } = shape(index);
    return {
      name: `t${index}`,
      costNs: nanoseconds(cost),
      periodNs: nanoseconds(period),
      deadlineNs: nanoseconds(deadline),
    };
  });
}

function deriving(tasks: readonly GuestTask[], vcpus: number, tickNs = 0): number {
  const times = Array.from({ length: RUNS }, () =>
    timed(() => {
      if (!deriveInterface({ tasks, windows: [] }, vcpus, { ...TERMS, tickNs }).ok)
        throw new Error('no interface');
    }),
  );
  return median(times);
}

function timed(run: () => void): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}
