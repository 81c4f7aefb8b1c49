import type { Plan } from '../compiler/plan.js';
import { formatDuration } from '../support/duration.js';
import { NO_RECORDS, type Records } from './account/bookkeeping.js';
import {
  atomStatuses,
  budgetStatuses,
  conditionStatuses,
  guestStatuses,
  switchStatuses,
} from './build-status.js';
import type { ClassifiedGuest } from './classify.js';
import { type Alarm, CronAlarm, calendarsOf } from './conditions/calendar-alarm.js';
import { setSwitch } from './conditions/switches.js';
import { EventLog } from './event-log.js';
import type { Host } from './host.js';
import { pushedValue, pushSignal } from './pushed-signals.js';
import { Reconciler, type Senses } from './reconciler.js';
import { reservedCores } from './reserved-cores.js';
import type { SignalSource } from './signal-source.js';
import type { Status, SwitchStatus } from './status.js';
import { StepMeter } from './step-meter.js';
import type { Telemetry } from './telemetry.js';

export interface EnforcerOptions {
  readonly host: Host;
  readonly plan: Plan;
  readonly signals: SignalSource;
  /** Default: there are no processes. */
  readonly processes?: Senses['processes'];
  /** Default: node-cron. */
  readonly alarm?: Alarm;
  /** Null: nobody but the caller makes steps (simulation). Default: real timers. */
  readonly timer?: StepTimer | null;
  /** Default: one that begins with this enforcer. */
  readonly events?: EventLog;
  /** Default: nothing is kept on disk. */
  readonly records?: Records;
  /** Between two steps when nothing asks for one sooner, ns. Default 1 s; more where samples make the steps. */
  readonly stepNs?: bigint;
}

/** One timer that fires once. */
export interface StepTimer {
  set(delayMs: number, fire: () => void): void;
  clear(): void;
}

/**
 * Keeps the guests of a host within a plan: a step each second, at each change of a condition, and when poked.
 * The constructor does nothing; `stop` undoes `start`.
 */
export class Enforcer {
  readonly events: EventLog;
  readonly #host: Host;
  readonly #alarm: Alarm;
  readonly #timer: StepTimer | null;
  readonly #reconciler: Reconciler;
  readonly #meter = new StepMeter();
  #state: Status['state'] = 'new';
  #unwatch: () => void = () => {};
  /** The step under way and those that wait for it: steps never overlap. */
  #steps: Promise<void> = Promise.resolve();
  #stopping: Promise<void> | null = null;

  constructor(options: EnforcerOptions) {
    const { host, plan, signals, processes = () => false, alarm, timer } = options;
    const { events = new EventLog(), records = NO_RECORDS } = options;
    this.#host = host;
    this.#alarm = alarm ?? new CronAlarm();
    this.#timer = timer === undefined ? realTimer() : timer;
    this.events = events;
    this.#reconciler = new Reconciler(host, plan, { signals, processes }, events, records, options.stepNs);
  }

  /** Takes the host and makes the first step. Rejects, with nothing taken, where the host cannot be had. */
  async start(): Promise<void> {
    await this.#host.start();
    this.#state = 'running';
    try {
      this.#log('started', `enforcing ${this.plan.policy.name}`);
      this.#setAlarm();
      await this.step();
      this.#unwatch = this.#host.watch?.(() => this.poke()) ?? this.#unwatch;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Gives everything back. Twice is safe, and after a refusal of the host it tries again; before `start` it does nothing. */
  stop(): Promise<void> {
    if (this.#state === 'new') return Promise.resolve();
    this.#stopping ??= this.#stop().catch((error: unknown) => {
      this.#stopping = null;
      throw error;
    });
    return this.#stopping;
  }

  /** One step now, after any that is under way. Never rejects. */
  step(): Promise<void> {
    this.#steps = this.#steps.then(async () => {
      if (this.#state !== 'running') return;
      const beginNs = this.#host.clock.monotonicNs();
      await this.#reconciler.step();
      this.#meter.stepped(beginNs, this.#host.clock.monotonicNs());
      this.#schedule();
    });
    return this.#steps;
  }

  /** Something changed that need not wait a second: a new sample, a guest that came. */
  poke(): void {
    void this.step();
  }

  /** Instant of monotonic time at which the next step is due; for whoever makes the steps itself. */
  nextStepNs(): bigint {
    return this.#reconciler.nextStepNs();
  }

  get plan(): Plan {
    return this.#reconciler.index.plan;
  }

  /** Flips a switch of the plan, for a time or (null) until the next time. Throws a RangeError for an unknown name. */
  setSwitch(name: string, on: boolean, forNs: bigint | null = null): void {
    if (!this.plan.switches.includes(name)) {
      const known = this.plan.switches.join(', ') || 'none';
      throw new RangeError(`the policy has no switch ${name}; it has: ${known}`);
    }
    const { nowNs } = this.#reconciler.now();
    this.#reconciler.switches = setSwitch(this.#reconciler.switches, name, on, nowNs, forNs);
    const duration = forNs === null ? '' : ` for ${formatDuration(forNs)}`;
    this.#log('switch-set', `${name} is ${on ? 'on' : 'off'}${duration}`, name);
    this.poke();
  }

  /**
   * Sets a signal of the plan, in the unit of its thresholds, for a time or (null) until the next time. Throws a RangeError
   * for an unknown name or a value that is no number.
   */
  pushSignal(name: string, value: number, forNs: bigint | null = null): void {
    if (!this.plan.signals.some((one) => one.name === name)) {
      const known = this.plan.signals.map((one) => one.name).join(', ') || 'none';
      throw new RangeError(`the policy has no signal ${name}; it has: ${known}`);
    }
    if (!Number.isFinite(value)) throw new RangeError(`${name} cannot be ${value}`);
    const { nowNs } = this.#reconciler.now();
    this.#reconciler.pushed = pushSignal(this.#reconciler.pushed, name, value, nowNs, forNs);
    const duration = forNs === null ? '' : ` for ${formatDuration(forNs)}`;
    this.#log('signal-set', `${name} is ${value}${duration}`, name);
    this.poke();
  }

  /** The signals that are set now: their values are to be recorded with those of the sensors. */
  pushedSignals(): readonly { readonly name: string; readonly value: number }[] {
    const { nowNs } = this.#reconciler.now();
    return this.plan.signals.flatMap(({ name }) => {
      const value = pushedValue(this.#reconciler.pushed, name, nowNs);
      return value === null ? [] : { name, value };
    });
  }

  /** Replaces the plan atomically: the next step enforces the new one. It is the caller's to have verified it. */
  async replacePlan(plan: Plan): Promise<void> {
    this.#steps = this.#steps.then(async () => {
      await this.#reconciler.replacePlan(plan);
      this.#log('plan-replaced', `enforcing ${plan.policy.name} (${plan.policy.digest.slice(0, 12)})`);
      if (this.#state === 'running') this.#setAlarm();
    });
    await this.step();
  }

  /** The switches of the plan as they are now. */
  switches(): SwitchStatus[] {
    return switchStatuses(this.plan, this.#reconciler.switches, this.#reconciler.now());
  }

  /** The guests that it governs, and what they are to it, as of the last step. */
  guests(): readonly ClassifiedGuest[] {
    return this.#reconciler.applied?.classified ?? [];
  }

  /** All that `vmc status` shows, as of the last step. */
  status(): Status {
    const { index, states, mode, applied, bookkeeping, findings, isSettling } = this.#reconciler;
    const now = this.#reconciler.now();
    const { book } = bookkeeping;
    const wakeUps = this.#host.telemetry?.().wakeUps;
    return {
      atMs: now.wallMs,
      state: this.#state,
      policy: { name: index.plan.policy.name, digest: index.plan.policy.digest },
      mode: mode && {
        id: mode.id,
        schedule: mode.schedule.id,
        sinceMs: mode.since.wallMs,
        settling: isSettling,
        causes: [...mode.causes],
      },
      conditions: conditionStatuses(index.plan, states),
      atoms: atomStatuses(index.plan, states, now),
      switches: this.switches(),
      budgets: budgetStatuses(index, applied, bookkeeping.budgets, now.wallMs),
      guests: applied ? guestStatuses(index, applied, book) : [],
      findings: [...findings],
      accounts: book.accounts(),
      ...(wakeUps && { wakeUps }),
    };
  }

  /** What metrics and probes want to know, as of the last step. */
  telemetry(): Telemetry {
    const { applied, index } = this.#reconciler;
    return {
      steps: this.#meter.read(this.#host.clock.monotonicNs()),
      reserved: reservedCores(applied?.observation.guests ?? []),
      deadlineLimit: index.plan.host.deadlineLimit,
      host: this.#host.telemetry?.() ?? null,
    };
  }

  async #stop(): Promise<void> {
    this.#timer?.clear();
    this.#alarm.stop();
    this.#unwatch();
    // From here on steps that wait their turn do nothing.
    this.#state = 'stopped';
    await this.#steps;
    this.#timer?.clear();
    await this.#reconciler.finish();
    await this.#host.stop();
    this.#log('stopped', 'everything is given back');
  }

  #setAlarm(): void {
    this.#alarm.start(calendarsOf(this.plan), this.plan.host.timezone, () => this.poke());
  }

  #schedule(): void {
    if (this.#timer === null || this.#state !== 'running') return;
    const delayNs = this.nextStepNs() - this.#host.clock.monotonicNs();
    this.#timer.clear();
    this.#timer.set(Math.max(1, Number(delayNs) / 1e6), () => void this.step());
  }

  #log(
    kind: 'started' | 'stopped' | 'switch-set' | 'signal-set' | 'plan-replaced',
    message: string,
    subject?: string,
  ): void {
    this.events.append({ kind, message, subject: subject ?? null }, this.#host.clock.wallMs());
  }
}

function realTimer(): StepTimer {
  let timeout: NodeJS.Timeout | undefined;
  return {
    set: (delayMs, fire) => {
      timeout = setTimeout(fire, delayMs);
    },
    clear: () => clearTimeout(timeout),
  };
}
