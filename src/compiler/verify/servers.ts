import type { Schedule, ScheduleProof, Server } from '../plan.js';
import { above, equal, type Fraction, minus, over, parse, ratio, sum, times, ZERO } from './fractions.js';
import { type Host, serversOf, unless } from './host.js';

/* All servers of a schedule fit: on each core, or by a test for all cores; and what is kept for the owner is left. */

type Placed = Extract<ScheduleProof['reservations'], { test: 'partitioned-edf' }>;
type Global = Extract<ScheduleProof['reservations'], { test: 'gfb' | 'devi-anderson' }>;

export function serverProblems(schedule: Schedule, proof: ScheduleProof, host: Host): string[] {
  const { reservations, keptCores } = proof;
  const kept = parse(keptCores);
  if (reservations.test === 'none')
    return unless(serversOf(schedule).length === 0, 'servers without a proof');
  if (reservations.test === 'partitioned-edf') return placementProblems(schedule, reservations, kept, host);
  return globalProblems(serversOf(schedule), reservations, kept, host);
}

/** On each core ΣU is at most the limit; of k cores kept for the owner ⌊k⌋ carry nothing, and one more at most 1 − the rest. */
function placementProblems(schedule: Schedule, { cores }: Placed, kept: Fraction, host: Host): string[] {
  const all = serversOf(schedule);
  const totals = new Map<number | null, Fraction>();
  for (const one of all) totals.set(one.core, sum([totals.get(one.core) ?? ZERO, host.utilisation(one)]));
  const totalOn = (core: number) => totals.get(core) ?? ZERO;
  const indices = new Map<number | null, number[]>();
  for (const [index, { core }] of schedule.servers.entries())
    indices.set(core, [...(indices.get(core) ?? []), index]);
  const ids = cores.map(({ core }) => core);
  const free = ids.map((core) => minus(ratio(1), over(totalOn(core), host.speedOf(core))));
  const isPlaced = [...totals.keys()].every((core) => ids.some((one) => one === core));
  const whole = Number(kept[0] / kept[1]);
  const next = free.sort((a, b) => (above(a, b) ? -1 : 1))[whole] ?? ZERO;
  const leavesKept =
    free.every((one, at) => at >= whole || equal(one, ratio(1))) && !above(minus(kept, ratio(whole)), next);
  return [
    ...unless(`${ids}` === `${[...host.cores].sort((a, b) => a - b)}`, "the cores are not the host's"),
    ...unless(isPlaced, 'a server is on no core'),
    ...unless(leavesKept, 'servers are on cores that are kept for the owner'),
    ...cores.flatMap(({ core, servers, utilisation, limit }) => {
      const own = indices.get(core) ?? [];
      const fits = !above(totalOn(core), parse(limit)) && !above(parse(limit), host.limitOf(core));
      return [
        ...unless(`${own}` === `${servers}`, `the servers of core ${core} are not those that are on it`),
        ...unless(equal(totalOn(core), parse(utilisation)), `core ${core} does not sum to ${utilisation}`),
        ...unless(fits, `core ${core} holds more than it may`),
      ];
    }),
  ];
}

/** GFB (Goossens, Funk, Baruah 2003): ΣU ≤ c·m − (m − 1)·U_max. Devi, Anderson (2008): ΣU ≤ c·m, which bounds what is late. */
function globalProblems(all: readonly Server[], proof: Global, kept: Fraction, host: Host): string[] {
  const m = ratio(host.cores.length);
  const used = all.map(host.utilisation);
  const [total, largest] = [sum(used), used.reduce((a, b) => (above(b, a) ? b : a), ZERO)];
  const capacity = times(m, host.limitOf(null));
  const limit = proof.test === 'gfb' ? minus(capacity, times(minus(m, ratio(1)), largest)) : capacity;
  const passes = !above(total, limit) && !above(largest, host.limitOf(null));
  const late = proof.test === 'gfb' ? ZERO : tardiness(all, host, 0);
  return [
    ...unless(proof.cores === host.cores.length, `the host does not have ${proof.cores} cores`),
    ...unless(equal(total, parse(proof.sum)), `the servers do not sum to ${proof.sum}`),
    ...unless(equal(largest, parse(proof.largest)), `the largest server is not ${proof.largest}`),
    ...unless(equal(limit, parse(proof.limit)), `the limit of the test is not ${proof.limit}`),
    ...unless(passes, 'the servers take more than the test allows'),
    ...unless(!above(sum([total, kept]), m), 'servers take what is kept for the owner'),
    ...unless(!above(late, ratio(proof.tardinessNs)), 'servers may be later than it says'),
  ];
}

/** The bound of Devi and Anderson; with ticks each cost, and each server's demand in any time, is up to a tick larger. */
export function tardiness(servers: readonly Server[], host: Host, tickNs: number): Fraction {
  const m = host.cores.length;
  const down = (all: readonly Fraction[]) => [...all].sort((a, b) => (above(a, b) ? -1 : 1));
  const ofCore = (one: Fraction) => over(one, host.limitOf(null));
  const costs = down(servers.map(({ budgetNs }) => ofCore(ratio(budgetNs + tickNs + host.switchesNs))));
  const heavy = down(servers.map((one) => ofCore(host.utilisation(one))));
  const ahead = sum([...costs.slice(0, m - 1), ofCore(ratio(tickNs * servers.length))]);
  const rest = minus(ratio(m), sum(heavy.slice(0, Math.max(m - 2, 0))));
  const late = over(minus(ahead, costs.at(-1) ?? ZERO), rest);
  return sum([above(late, ZERO) ? late : ZERO, costs[0] ?? ZERO]);
}
