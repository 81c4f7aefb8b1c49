import type { Plan, Schedule } from '../../compiler/plan.js';
import type { Alarm } from '../../enforce/conditions/calendar-alarm.js';
import { Enforcer } from '../../enforce/enforcer.js';
import type { SignalSource } from '../../enforce/signal-source.js';
import { runSimulation } from '../../enforce/simulated/run-simulation.js';
import type { SimulatedGuest } from '../../enforce/simulated/simulated-guest.js';
import { SimulatedHost } from '../../enforce/simulated/simulated-host.js';
import type { SimulatedClass } from '../model/population.js';
import { type Moment, subjectKey } from './moment.js';
import { signalsOfMode, stagedName, stagedPlan } from './staged-plan.js';
import { ownerThreads, vcpuThreads } from './thread-demand.js';

const NO_ALARM: Alarm = { start: () => {}, stop: () => {} };
/** Between two looks at what it costs. */
const LOOK_NS = 100_000_000;

/**
 * A simulated host with guests, an owner at work, and the enforcer in charge of them, brought from one moment of a replay to
 * the next. Nothing happens before `start`.
 */
export class Stage {
  readonly host: SimulatedHost;
  readonly #plan: Plan;
  readonly #enforcer: Enforcer;
  readonly #classes: readonly SimulatedClass[];
  /** By class: the guests that there are, in the order in which they came. */
  readonly #guests: string[][];
  #moment: Moment | null = null;
  #signals: ReadonlyMap<string, number | null> = new Map();

  constructor(plan: Plan, classes: readonly SimulatedClass[], wallMs: number) {
    this.#plan = plan;
    this.#classes = classes;
    this.#guests = classes.map(() => []);
    this.host = new SimulatedHost({ facts: plan.host, wallMs });
    const signals: SignalSource = {
      latest: (signal) => this.#sample(signal),
      limit: (signal, overNs, side, level) =>
        this.#sample(subjectKey({ kind: 'forecast', signal, overNs, side, level })),
    };
    this.#enforcer = new Enforcer({
      host: this.host,
      plan: stagedPlan(plan),
      signals,
      alarm: NO_ALARM,
      timer: null,
    });
  }

  async start(moment: Moment): Promise<void> {
    this.#set(moment);
    await this.#enforcer.start();
  }

  /** The enforcer hears of it at once, as it does of a new sample. */
  async show(moment: Moment): Promise<void> {
    this.#set(moment);
    await this.#enforcer.step();
  }

  /** Answers how long it ran: shorter where the kernel came to so many events. ns. */
  async run(durationNs: number, mostEvents: number): Promise<number> {
    const { kernel } = this.host;
    const [fromNs, firstEvent] = [kernel.nowNs, kernel.eventCount];
    while (kernel.nowNs < fromNs + durationNs && kernel.eventCount - firstEvent < mostEvents) {
      await runSimulation(this.host, this.#enforcer, Math.min(LOOK_NS, fromNs + durationNs - kernel.nowNs));
    }
    return kernel.nowNs - fromNs;
  }

  /** Whether a change in two steps is still under way. */
  get isSettling(): boolean {
    return this.#enforcer.status().mode?.settling ?? false;
  }

  /** What the enforcer has to say, in words. */
  get findings(): readonly string[] {
    return this.#enforcer.status().findings.map(({ message, fallback }) => `${message}; ${fallback}`);
  }

  /** Those that have not ended: a sentence may stop them. */
  guestsOf(at: number): readonly SimulatedGuest[] {
    const keys = this.#guests[at] ?? [];
    return this.host.guests.filter(({ key }) => keys.includes(key));
  }

  #sample(name: string): number | null {
    return this.#signals.get(name) ?? this.#moment?.samples.get(name) ?? null;
  }

  #set(moment: Moment): void {
    const before = this.#moment;
    this.#moment = moment;
    this.#signals = signalsOfMode(this.#plan, moment.mode);
    const { ownerCores } = moment.demand;
    if (before?.demand.ownerCores !== ownerCores) this.host.setOwner(...ownerThreads(ownerCores));
    const { schedule } = moment.mode;
    let threads = 0;
    this.#classes.forEach(({ vcpus }, at) => {
      const guests = moment.demand.guests[at] ?? 0;
      const cores = moment.demand.eachCores[at] ?? 0;
      const isSame = before?.demand.eachCores[at] === cores && before.mode.schedule === schedule;
      this.#populate(at, guests, (member, isNew) => {
        threads += vcpus;
        return isNew || !isSame ? vcpuThreads(cores, this.#rates(schedule, at, member), threads) : null;
      });
    });
  }

  /** `wants`: what the vCPUs of a member do from now on; null: what they did. */
  #populate(
    at: number,
    count: number,
    wants: (member: number, isNew: boolean) => ReturnType<typeof vcpuThreads> | null,
  ): void {
    const keys = this.guestsOf(at).map(({ key }) => key);
    this.#guests[at] = keys;
    for (const key of keys.splice(count)) this.host.end(key);
    keys.forEach((key, member) => {
      const behaviours = wants(member, false);
      const { vcpus } = this.host.guest(key);
      behaviours?.forEach((behaviour, vcpu) => {
        const task = vcpus[vcpu];
        if (task) this.host.kernel.behave(task, behaviour);
      });
    });
    const name = this.#classes[at]?.plan === null ? null : stagedName(at);
    while (keys.length < count) keys.push(this.host.boot({ name, vcpus: wants(keys.length, true) ?? [] }));
  }

  #rates({ servers }: Schedule, at: number, member: number): readonly number[] {
    const { plan: name, vcpus } = this.#classes[at] ?? { plan: null, vcpus: 0 };
    return Array.from({ length: vcpus }, (_, vcpu) => {
      const server = servers.find(
        (one) => one.class === name && one.member === member && one.thread === `vcpu ${vcpu}`,
      );
      return server ? server.budgetNs / server.periodNs : 0;
    });
  }
}
