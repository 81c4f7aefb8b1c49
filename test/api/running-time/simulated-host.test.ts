import { expect } from 'chai';
import { planAsker } from '../../../src/api/running-time/plan-asker.js';
import { compile } from '../../../src/compiler/compile.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { Enforcer } from '../../../src/enforce/enforcer.js';
import { indexPlan } from '../../../src/enforce/plan-index.js';
import { runSimulation } from '../../../src/enforce/simulated/run-simulation.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { SimulatedSignals } from '../../../src/enforce/simulated/simulated-signals.js';
import { completionOf } from '../../../src/rps/running-time/completion.js';
import { FACTS } from '../../enforce/support/plans.js';
import { knownPath, times } from '../../rps/running-time/paths.js';

const HOST: HostFacts = {
  ...FACTS,
  cores: 2,
  mechanisms: ['reservation', 'share', 'quota', 'duty', 'placement'],
};
const CLASSES = `
vm gold { match name "gold" and user "*" vcpus 1 }
vm lent { match name "lent" and user "*" vcpus 1 }
`;
const MS = 1e6;

interface Race {
  readonly sentences: string;
  /** Whose work it is: a guest that is busy; null: one thread of the owner's more. */
  readonly asker: string | null;
  /** Busy guests. */
  readonly guests: readonly string[];
  /** The owner's busy threads, the asker's not counted. */
  readonly threads: number;
  readonly workMs: number;
}

/** What is answered, and what the simulated kernel takes, ms. */
async function race({ sentences, asker, guests, threads, workMs }: Race) {
  const { plan } = compile({ file: 'test.vmc', text: CLASSES + sentences }, HOST);
  if (!plan) throw new Error('it does not compile');
  const host = new SimulatedHost({ facts: HOST });
  const keys = new Map(guests.map((name) => [name, host.boot({ name })]));
  const own = asker === null ? 1 : 0;
  host.setOwner(...Array.from({ length: threads + own }, () => 'busy' as const));
  const alarm = { start: () => {}, stop: () => {} };
  const signals = new SimulatedSignals(host);
  const enforcer = new Enforcer({ host, plan, signals, alarm, timer: null });
  await enforcer.start();
  await runSimulation(host, enforcer, 5e9);

  const index = indexPlan(plan);
  const [mode] = plan.modes;
  const present = enforcer.status().guests.map((one) => ({
    class: one.class,
    member: one.member,
    usedCores: one.cpuCores10s,
  }));
  const schedule = index.schedules.get(mode!.schedule)!;
  const terms = planAsker({ index, schedule, guests: present, ownerThreads: threads }, asker);
  const startNs = Number(host.clock.monotonicNs());
  const answer = completionOf(workMs * MS, terms, knownPath(times(60, threads)), startNs);

  const doneNs = () =>
    asker === null ? host.ownerCpuNs / (threads + 1) : host.guest(keys.get(asker)!).vcpus[0]!.cpuNs;
  const before = doneNs();
  while (doneNs() - before < workMs * MS) await runSimulation(host, enforcer, MS);
  const tookMs = (Number(host.clock.monotonicNs()) - startNs) / MS;
  await enforcer.stop();
  return { answeredMs: (answer?.meanNs ?? Number.NaN) / MS, tookMs };
}

describe('running times against the simulated kernel', function () {
  this.timeout(60_000);

  const races: readonly (readonly [what: string, race: Race, withinPart: number])[] = [
    [
      'a process of the owner’s beside three others',
      { sentences: '', asker: null, guests: [], threads: 3, workMs: 2000 },
      0.02,
    ],
    [
      'a process of the owner’s beside busy guests that are limited',
      {
        sentences: 'limit guests to 0.5 cores',
        asker: null,
        guests: ['gold', 'lent'],
        threads: 3,
        workMs: 2000,
      },
      0.05,
    ],
    [
      'a guest in its reservation',
      {
        sentences: 'reserve gold 20ms every 50ms',
        asker: 'gold',
        guests: ['gold'],
        threads: 4,
        workMs: 1000,
      },
      0.05,
    ],
    [
      'a guest in the windows of its duty cycle',
      { sentences: 'run lent 200ms every 500ms', asker: 'lent', guests: ['lent'], threads: 0, workMs: 750 },
      0.02,
    ],
    [
      'a guest within a limit',
      { sentences: 'limit gold to 0.25 cores', asker: 'gold', guests: ['gold'], threads: 0, workMs: 1000 },
      0.08,
    ],
    [
      'a guest that shares a limit with another',
      {
        sentences: 'limit guests to 1 core\nshare cpu among gold 3, lent 1',
        asker: 'gold',
        guests: ['gold', 'lent'],
        threads: 0,
        workMs: 1500,
      },
      0.08,
    ],
  ];
  for (const [what, one, withinPart] of races) {
    it(`are those of ${what}`, async () => {
      const { answeredMs, tookMs } = await race(one);
      expect(answeredMs / tookMs).to.be.within(1 - withinPart, 1 + withinPart);
    });
  }
});
