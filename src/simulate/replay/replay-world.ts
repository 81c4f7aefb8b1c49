import type { Plan } from '../../compiler/plan.js';
import type { SignalSource } from '../../enforce/signal-source.js';
import { AutoregressiveModel, Predictor, signalSpec } from '../../rps/index.js';
import { matchesGlob } from '../../support/glob.js';
import type { Demand, SimulatedClass } from '../model/population.js';
import type { Allocation } from '../model/schedule-model.js';
import type { Trace } from '../trace/trace.js';

/** What is pushed or flipped for a while: `--set NAME=VALUE@FROM..TO`. */
export interface Setting {
  /** `switch NAME`, or a signal's name. */
  readonly key: string;
  readonly value: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** A prediction limit, as it was at a place. */
interface AskedLimit {
  readonly signal: string;
  readonly overNs: number;
  readonly side: 'upper' | 'lower';
  readonly level: number;
  place: number;
  value: number | null;
}

/** A user counts as active for so long after the last input, in seconds. */
const ACTIVE_FOR = 60;
/** Signals that are large when nothing happens, as in policy tests. */
const LARGE_WHEN_QUIET: ReadonlySet<string> = new Set(['user.idle', 'host.memory.available']);
const LARGE = 1e18;
const FULL_BATTERY = 100;

/**
 * What sensors, predictors and the owner's switches say at one place of a trace. A signal that the trace has not is
 * computed from the replay itself where it can be (use of CPU, guests), is quiet where the host senses it, as in policy
 * tests, and unknown otherwise.
 */
export class ReplayWorld implements SignalSource {
  readonly #trace: Trace;
  readonly #sensors: ReadonlySet<string>;
  readonly #pushed: ReadonlySet<string>;
  readonly #classes: readonly SimulatedClass[];
  readonly #unions: ReadonlyMap<string, readonly string[]>;
  readonly #settings: readonly Setting[];
  readonly #coreCount: number;
  readonly #predictors = new Map<string, Predictor>();
  readonly #limits: AskedLimit[] = [];
  readonly #quiet = new Set<string>();
  #place = 0;
  #nowMs = 0;
  #demand: Demand | null = null;
  #allocation: Allocation | null = null;

  constructor(
    plan: Plan,
    trace: Trace,
    classes: readonly SimulatedClass[],
    settings: readonly Setting[],
    coreCount: number,
  ) {
    this.#trace = trace;
    this.#sensors = new Set(plan.host.sensors);
    this.#pushed = new Set(plan.signals.map(({ name }) => name));
    this.#classes = classes;
    this.#unions = new Map(plan.unions.map((one) => [one.name, one.classes]));
    this.#settings = settings;
    this.#coreCount = coreCount;
    for (const [signal, overNs] of forecastSpans(plan)) {
      const model = new AutoregressiveModel();
      const steps = [...overNs].map((ns) => this.#stepsOf(ns)).filter((count) => count <= model.maxSteps);
      const { range } = signalSpec(signal);
      // Calibrated where it is asked, audited at one step alone: nobody asks these predictors how they fare.
      this.#predictors.set(signal, new Predictor({ model, range, horizons: [1], calibrated: steps }));
    }
  }

  /** Signals for which quiet values stood in. */
  get quiet(): readonly string[] {
    return [...this.#quiet].sort();
  }

  /** Goes on to a place; `before` is what was delivered in the step before it. */
  advance(place: number, nowMs: number, demand: Demand, before: Allocation | null): void {
    this.#place = place;
    this.advanceWithin(nowMs);
    this.#demand = demand;
    this.#allocation = before;
    for (const [signal, predictor] of this.#predictors) predictor.step(this.latest(signal) ?? Number.NaN);
  }

  /** Later at the same place. */
  advanceWithin(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  /** The next instant at which something is set, or not any more; infinite without any. */
  nextSettingMs(nowMs: number): number {
    if (this.#settings.length === 0) return Number.POSITIVE_INFINITY;
    return this.#settings
      .flatMap(({ fromMs, toMs }) => [fromMs, toMs])
      .reduce((next, at) => (at > nowMs && at < next ? at : next), Number.POSITIVE_INFINITY);
  }

  latest(signal: string): number | null {
    const set = this.#set(signal);
    if (set !== null) return set;
    const column = this.#trace.columns.get(signal);
    if (column) return orNull(column[this.#place]);
    if (this.#pushed.has(signal)) return null;
    return this.#computed(signal) ?? this.#quietValue(signal);
  }

  /** Computed once a place: conditions and elastic limits ask for the same again and again. */
  limit(signal: string, overNs: number, side: 'upper' | 'lower', level: number): number | null {
    const isAsked = (one: AskedLimit) =>
      one.overNs === overNs && one.level === level && one.side === side && one.signal === signal;
    let asked = this.#limits.find(isAsked);
    if (asked === undefined) {
      asked = { signal, overNs, side, level, place: -1, value: null };
      this.#limits.push(asked);
    }
    if (asked.place !== this.#place) {
      asked.place = this.#place;
      asked.value = this.#limit(signal, overNs, side, level);
    }
    return asked.value;
  }

  #limit(signal: string, overNs: number, side: 'upper' | 'lower', level: number): number | null {
    const predictor = this.#predictors.get(signal);
    if (!predictor || this.latest(signal) === null) return null;
    const steps = this.#stepsOf(overNs);
    return steps > predictor.maxSteps ? null : predictor.limit(steps, side, level);
  }

  #stepsOf(overNs: number): number {
    return Math.max(1, Math.ceil(overNs / (this.#trace.stepMs * 1e6)));
  }

  isOn(name: string): boolean {
    const key = `switch ${name}`;
    return (this.#set(key) ?? this.#trace.columns.get(key)?.[this.#place]) === 1;
  }

  readonly processes = (pattern: string): boolean => {
    for (const [key, values] of this.#trace.columns) {
      if (!key.startsWith('process ') || values[this.#place] !== 1) continue;
      if (matchesGlob(pattern, key.slice('process '.length))) return true;
    }
    return false;
  };

  /** What was pushed or flipped last counts. */
  #set(key: string): number | null {
    if (this.#settings.length === 0) return null;
    const now = this.#nowMs;
    return (
      this.#settings.findLast((one) => one.key === key && one.fromMs <= now && now < one.toMs)?.value ?? null
    );
  }

  #computed(signal: string): number | null {
    const percent = (cores: number) => (100 * cores) / this.#coreCount;
    const owner = this.#allocation?.ownerCores ?? 0;
    switch (signal) {
      case 'owner.demand':
        return percent(this.#demand?.ownerCores ?? 0);
      case 'owner.cpu':
        return percent(owner);
      case 'guests.cpu':
        return percent(this.#deliveredTo(() => true));
      case 'host.cpu':
        return percent(owner + this.#deliveredTo(() => true));
      case 'user.active': {
        const idle = this.#trace.columns.get('user.idle');
        const seconds = idle ? orNull(idle[this.#place]) : null;
        return seconds === null ? null : Number(seconds < ACTIVE_FOR);
      }
    }
    return this.#ofClass(signal);
  }

  #ofClass(signal: string): number | null {
    const [, name, measure] = /^(.+)\.(cpu|count|running)$/.exec(signal) ?? [];
    if (name === undefined || measure === undefined) return null;
    const members = this.#unions.get(name) ?? [name];
    if (!this.#classes.some((one) => members.includes(one.name))) return null;
    if (measure === 'cpu') {
      return (100 * this.#deliveredTo((one) => members.includes(one))) / this.#coreCount;
    }
    const count = this.#classes.reduce(
      (sum, one, at) => sum + (members.includes(one.name) ? (this.#demand?.guests[at] ?? 0) : 0),
      0,
    );
    return measure === 'count' ? count : Number(count > 0);
  }

  #deliveredTo(counts: (name: string) => boolean): number {
    const delivered = this.#allocation?.delivered ?? [];
    return this.#classes.reduce((sum, { name }, at) => sum + (counts(name) ? (delivered[at] ?? 0) : 0), 0);
  }

  #quietValue(signal: string): number | null {
    if (!this.#sensors.has(signal) || this.#hasUnknownIdle(signal)) return null;
    this.#quiet.add(signal);
    if (LARGE_WHEN_QUIET.has(signal)) return LARGE;
    return signal === 'host.battery' ? FULL_BATTERY : 0;
  }

  #hasUnknownIdle(signal: string): boolean {
    return signal === 'user.active' && this.#trace.columns.has('user.idle');
  }
}

const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

function forecastSpans(plan: Plan): ReadonlyMap<string, ReadonlySet<number>> {
  const subjects = [
    ...plan.atoms.flatMap((atom) => (atom.kind === 'comparison' ? [atom.subject] : [])),
    ...plan.schedules.flatMap(({ settings }) =>
      settings.flatMap((one) => (one.mechanism === 'quota' && one.elastic ? [one.elastic.minus] : [])),
    ),
  ];
  const spans = new Map<string, Set<number>>();
  for (const one of subjects) {
    if (one.kind === 'forecast') spans.set(one.signal, (spans.get(one.signal) ?? new Set()).add(one.overNs));
  }
  return spans;
}
