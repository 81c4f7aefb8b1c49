import { type EffectiveHost, effectiveHost } from '../../../src/compiler/effective-host.js';
import { reservationFidelity } from '../../../src/compiler/fidelity.js';
import { admitOne } from '../../../src/compiler/reservations/admission.js';
import { latenessOf } from '../../../src/compiler/reservations/lateness.js';
import { type ServerDemand, server } from '../../../src/compiler/reservations/server-demand.js';
import { ZERO } from '../../../src/support/rational.js';
import { type CbsOutcome, simulateCbs, someBehaviour } from '../../compiler/cbs-simulation.js';
import { HOST } from '../../compiler/support.js';
import { Random } from '../random.js';
import { accepted, type Campaign, type CampaignInput, failed, type Verdict } from './campaign.js';

/** What the simulation's unit of time stands for. */
const UNIT_NS = 1_000_000n;
const END = 2500;
const PERIODS = [4, 5, 6, 8, 10, 12, 13, 15, 20, 21, 24, 30];

/**
 * What is admitted, on cores of its own or by global EDF, against a simulation of the kernel's servers, with guests that
 * compute, block, and wake with some of their budget left, and with budgets kept exactly or at ticks.
 */
export const simulatedServers: Campaign = {
  name: 'admitted servers in a simulated kernel',
  claim: 'No server that is admitted is later than its plan says, or waits longer for CPU',
  nightlyInputs: 10_000,
  begin: () => ({ make, judge }),
};

/** One server a line, "budget/period" in units, after a line of what holds for all. */
function make(random: Random): CampaignInput {
  const tick = random.pick([0, 0, 1, 2, 3, 4, 6]);
  const cores = random.between(1, 4);
  const heaviest = random.pick([0.3, 0.6, 0.9, 1]);
  // Some sets fill the cores as far as they go.
  const full = random.chance(0.5);
  let load = 0;
  const servers: string[] = [];
  for (let tries = full ? 4 * cores + 3 : random.between(1, 3 + cores); tries > 0; tries--) {
    const period = random.pick(PERIODS);
    const budget = random.between(1, Math.max(1, Math.floor(period * heaviest) - 1));
    if (full && load + (budget + 0.02) / period > cores) continue;
    load += (budget + 0.02) / period;
    servers.push(`${budget}/${period}`);
  }
  const setting = `${random.pick(['placed', 'anywhere'])} on ${cores} ticks ${tick} seed ${random.below(1_000_000)}`;
  return { text: servers.join('\n'), setting };
}

interface Instance {
  readonly host: EffectiveHost;
  readonly tick: number;
  readonly seed: number;
  readonly servers: readonly ServerDemand[];
}

/** Null: no instance, as the shrunken text of one may be. */
function parse({ text, setting }: CampaignInput): Instance | null {
  const [, where, cores, tick, seed] = /^(\w+) on (\d+) ticks (\d+) seed (\d+)$/.exec(setting) ?? [];
  if (cores === undefined || tick === undefined || seed === undefined)
    throw new RangeError(`no setting is ${setting}`);
  const host = effectiveHost(
    {
      ...HOST,
      cores: Number(cores),
      deadlineLimit: 1,
      hrtickDeadline: tick === '0',
      tickNs: Number(UNIT_NS) * Math.max(1, Number(tick)),
      cgroup: { ...HOST.cgroup, cpuset: where === 'placed' },
    },
    { cores: null, memoryBytes: null, timezone: null, mechanisms: null, place: null },
  );
  const pairs = [...text.matchAll(/(\d+)\/(\d+)/g)].map(([, budget = '0', period = '0']) => ({
    budget: BigInt(budget),
    period: BigInt(period),
  }));
  if (pairs.some(({ budget, period }) => budget <= 0n || period < budget)) return null;
  const servers = pairs.map(({ budget, period }, index) => demand(index, budget, period, host));
  return { host, tick: Number(tick), seed: Number(seed), servers };
}

function demand(index: number, budget: bigint, period: bigint, host: EffectiveHost): ServerDemand {
  const [budgetNs, periodNs] = [budget * UNIT_NS, period * UNIT_NS];
  return server({ class: 'c', member: index, thread: 'vcpu 0', budgetNs, periodNs, cores: null }, host);
}

function judge(input: CampaignInput): Verdict {
  const instance = parse(input);
  if (instance === null || instance.servers.length === 0) return accepted('no instance');
  const { host, servers, tick } = instance;
  const admission = admitOne({ servers, keep: ZERO }, host);
  if (!admission.ok) return accepted('refused');
  const lateness = latenessOf(servers, admission, host);
  const together =
    admission.test === 'global-edf'
      ? [servers]
      : host.coreIds.map((core) => servers.filter(({ key }) => admission.placement.get(key) === core));
  for (const own of together) {
    const cores = admission.test === 'global-edf' ? host.coreCount : 1;
    const outcome = simulate(own, cores, instance);
    for (const [index, server] of own.entries()) {
      const problem = compare(server, outcome, index, lateness(server), host);
      if (problem !== null) return failed(problem);
    }
  }
  const test = admission.test === 'global-edf' ? admission.verdict.test : admission.test;
  return accepted(`${test}${tick === 0 ? '' : ', ticks'}`);
}

function simulate(servers: readonly ServerDemand[], cores: number, { tick, seed }: Instance): CbsOutcome {
  const random = new Random(seed);
  const plain = servers.map(({ budgetNs, periodNs }) => ({
    budget: Number(budgetNs / UNIT_NS),
    period: Number(periodNs / UNIT_NS),
  }));
  return simulateCbs(
    plain,
    plain.map((one) => someBehaviour(random, one)),
    { cores, tick, end: END },
  );
}

/** What a simulated server did that its fidelity excludes; null: nothing. */
function compare(
  { budgetNs, periodNs }: ServerDemand,
  { gaps, lateness }: CbsOutcome,
  index: number,
  lateNs: bigint,
  host: EffectiveHost,
): string | null {
  const { kind, worstGapNs } = reservationFidelity(budgetNs, periodNs, host, lateNs);
  const name = `server ${index} (${budgetNs / UNIT_NS}/${periodNs / UNIT_NS}, ${kind})`;
  const gap = BigInt(gaps[index] ?? 0) * UNIT_NS;
  const late = BigInt(Math.max(0, lateness[index] ?? 0)) * UNIT_NS;
  if (worstGapNs !== null && gap > BigInt(worstGapNs)) return `${name} waited ${gap} ns, not ${worstGapNs}`;
  // Where budgets are kept at ticks what is given is less, and is due to those only that want it all the time.
  if (host.facts.hrtickDeadline && late > lateNs) return `${name} was ${late} ns late, not ${lateNs}`;
  if (host.facts.hrtickDeadline && kind === 'hard' && late > 0n) return `${name} missed its deadline`;
  return null;
}
