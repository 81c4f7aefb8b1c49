import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Plan } from '../../../src/compiler/plan.js';
import { Enforcer } from '../../../src/enforce/enforcer.js';
import { runSimulation } from '../../../src/enforce/simulated/run-simulation.js';
import { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import { SimulatedSignals } from '../../../src/enforce/simulated/simulated-signals.js';
import { StatusSchema } from '../../../src/enforce/status.js';
import { arbitraryPlan } from '../support/arbitrary-plan.js';
import { NO_ALARM } from '../support/simulation.js';
import { FaultyHost } from './faulty-host.js';
import { type Happening, happen } from './happening.js';

const LIMIT = 0.95;
/** Of all cores, for reservations. */
const ALL_BANDWIDTH = 1.9;
/** Much more than a second, in which a step is due. */
const STEPS_GO_ON_S = 3;
/** Findings that are no faults left over. */
const EXPECTED: readonly string[] = ['excess-guest'];

/** Two plans, from one number. */
export const plansOf = (seed: number): readonly Plan[] => fc.sample(arbitraryPlan, { seed, numRuns: 2 });

/**
 * Everything that is given happens to a simulated host that an enforcer governs; a killed daemon is followed by another.
 * Throws an assertion error when a guest was woken that its user had stopped, a core overloaded, a step not followed by
 * another, when the enforcer does not come to rest within its plan once nothing happens any more, or when something is not as
 * it was after the end. Answers how many faults there were, by kind.
 */
export class FaultTrial {
  readonly #host: SimulatedHost;
  readonly #signals: SimulatedSignals;
  readonly #plans: readonly Plan[];
  readonly #faults = new Map<string, number>();
  #faulty: FaultyHost;
  #enforcer: Enforcer;

  constructor(plans: readonly Plan[]) {
    const [first] = plans;
    if (first === undefined) throw new RangeError('a trial needs a plan');
    this.#plans = plans;
    this.#host = new SimulatedHost({ facts: first.host });
    this.#signals = new SimulatedSignals(this.#host);
    this.#signals.set('flag', 0);
    this.#faulty = new FaultyHost(this.#host);
    this.#enforcer = this.#newEnforcer(first);
  }

  async run(events: readonly Happening[]): Promise<ReadonlyMap<string, number>> {
    await this.#enforcer.start();
    for (const event of events) {
      happen(event, { simulated: this.#host, arm: (fault) => this.#faulty.arm(fault) }, this.#signals);
      await this.#orKilled(async () => {
        if (event.what === 'reload') await this.#enforcer.replacePlan(this.#plans[event.plan] as Plan);
        if (event.seconds > 0) await runSimulation(this.#host, this.#enforcer, event.seconds * 1e9);
        else await this.#enforcer.step();
      });
      this.#expectNothingBroken();
    }
    await this.#restart();
    await this.#expectStepsToGoOn();
    this.#faulty.disarm();
    await this.#expectRest();
    await this.#expectEverythingBack();
    return this.#faults;
  }

  #newEnforcer(plan: Plan): Enforcer {
    const { signals, host } = { signals: this.#signals, host: this.#faulty };
    return new Enforcer({ host, plan, signals, alarm: NO_ALARM, timer: null });
  }

  /** What a guardian does that finds the daemon dead, and then another daemon. */
  async #orKilled(work: () => Promise<void>): Promise<boolean> {
    const killed = this.#faulty.killed.then(() => true);
    if (!(await Promise.race([work().then(() => false), killed]))) return false;
    await this.#host.stop();
    this.#expectEverythingAsItWas();
    const { plan } = this.#enforcer;
    this.#note();
    this.#faulty = new FaultyHost(this.#host);
    this.#enforcer = this.#newEnforcer(plan);
    await this.#enforcer.start();
    return true;
  }

  /** The daemon ends in good order, or as well as it can, and another one starts, on its second attempt if not the first. */
  async #restart(): Promise<void> {
    const isAnother = await this.#orKilled(async () => {
      await this.#enforcer.stop().catch(() => this.#host.stop());
    });
    if (isAnother) return;
    const { plan } = this.#enforcer;
    this.#enforcer = this.#newEnforcer(plan);
    await this.#orKilled(async () => {
      try {
        await this.#enforcer.start();
      } catch {
        this.#expectEverythingAsItWas();
        this.#faulty.disarm();
        await this.#host.stop();
        this.#enforcer = this.#newEnforcer(plan);
        await this.#enforcer.start();
      }
    });
  }

  #note(): void {
    for (const [way, count] of this.#faulty.happened)
      this.#faults.set(way, (this.#faults.get(way) ?? 0) + count);
    this.#faulty.happened.clear();
  }

  #expectNothingBroken(): void {
    const { peakCoreUtilisation } = this.#host.kernel;
    expect(peakCoreUtilisation, 'utilisation of a core').to.be.at.most(LIMIT + 1e-9);
    for (const guest of this.#host.guests) {
      if (guest.stoppedByUser) expect(guest.stopped, `${guest.key}, stopped by its user`).to.equal(true);
    }
  }

  async #expectStepsToGoOn(): Promise<void> {
    const before = this.#faulty.observations;
    const run = () => runSimulation(this.#host, this.#enforcer, STEPS_GO_ON_S * 1e9);
    if (await this.#orKilled(run)) return;
    expect(this.#faulty.observations, 'observations').to.be.greaterThan(before);
  }

  async #expectRest(): Promise<void> {
    await this.#untilNobodyEnds();
    const before = this.#host.log.length;
    await runSimulation(this.#host, this.#enforcer, 2e9);
    expect(this.#host.log.slice(before), 'actions although nothing happens').to.deep.equal([]);
    const status = this.#enforcer.status();
    expect([...Value.Errors(StatusSchema, status)]).to.deep.equal([]);
    expect(status.findings.filter(({ code }) => !EXPECTED.includes(code))).to.deep.equal([]);
    for (const guest of status.guests) {
      const open = guest.controls.filter(({ inForce }) => !inForce);
      if (guest.state !== 'stopped-by-user') expect(open).to.deep.equal([]);
    }
    this.#expectNothingBroken();
  }

  /** Where guests are to stop, each that ends makes room for one that then is to stop. */
  async #untilNobodyEnds(): Promise<void> {
    for (let left = this.#host.guests.length; left >= 0; left--) {
      const before = this.#host.log.length;
      await runSimulation(this.#host, this.#enforcer, 4e9);
      if (!this.#host.log.slice(before).some(({ action }) => action.kind === 'end-guest')) return;
    }
  }

  async #expectEverythingBack(): Promise<void> {
    await this.#enforcer.stop();
    await this.#enforcer.stop();
    this.#note();
    this.#expectEverythingAsItWas();
  }

  #expectEverythingAsItWas(): void {
    for (const guest of this.#host.guests) {
      expect(guest.stopped, `${guest.name} is stopped`).to.equal(guest.stoppedByUser);
      expect(guest.group).to.equal(null);
      expect(guest.settings).to.deep.equal([]);
    }
    expect(this.#host.groupCount).to.equal(0);
    this.#host.advance(5e9);
    expect(this.#host.kernel.ledger.leaked).to.equal(0);
    expect(this.#host.freeBandwidth).to.be.closeTo(ALL_BANDWIDTH, 1e-6);
    this.#expectNothingBroken();
  }
}
