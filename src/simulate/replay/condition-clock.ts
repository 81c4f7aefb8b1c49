import type { Atom, Plan, Truth } from '../../compiler/plan.js';
import { type BudgetSource, type Instant, sampleOf } from '../../enforce/conditions/atom.js';
import { holds } from '../../enforce/conditions/comparison.js';
import {
  type ConditionStates,
  NO_CONDITIONS,
  nextChangeNs,
  stepConditions,
} from '../../enforce/conditions/condition-states.js';
import { type Switches, setSwitch } from '../../enforce/conditions/switches.js';
import type { ReplayWorld } from './replay-world.js';

const NS_PER_MS = 1_000_000n;

/**
 * The enforcer's conditions over simulated time. They are stepped only where that can change something: where a
 * comparison comes out otherwise than the step before, a `for` clock has run, a calendar changes, or the last step
 * changed a value. Between these instants a step would leave every state as it is.
 */
export class ConditionClock {
  readonly #plan: Plan;
  readonly #world: ReplayWorld;
  readonly #budgets: BudgetSource;
  readonly #startMs: number;
  /** By atom, how it reads now: equal readings at two steps mean equal states. */
  readonly #readings: Int8Array;
  #states: ConditionStates = NO_CONDITIONS;
  #dueMs = Number.NEGATIVE_INFINITY;
  #moved = true;

  constructor(plan: Plan, world: ReplayWorld, spent: (budget: string) => boolean, startMs: number) {
    this.#plan = plan;
    this.#world = world;
    // When its period ends the replay finds out by itself.
    this.#budgets = (budget) => ({ spent: spent(budget), untilMs: null });
    this.#startMs = startMs;
    this.#readings = new Int8Array(plan.atoms.length).fill(-1);
  }

  get states(): ConditionStates {
    return this.#states;
  }

  /** The next instant at which an atom changes by itself. */
  get dueMs(): number {
    return this.#dueMs;
  }

  /** True: an atom has another value than before. */
  step(nowMs: number): boolean {
    const changed = this.#read();
    if (!changed && !this.#moved && nowMs < this.#dueMs) return false;
    const before = this.#states;
    const now = this.instant(nowMs);
    this.#states = stepConditions(this.#plan, before, {
      ...now,
      zone: this.#plan.host.timezone,
      signals: this.#world,
      switches: this.#switches(),
      processes: this.#world.processes,
      budgets: this.#budgets,
    });
    this.#moved = this.#plan.atoms.some(({ id }) => atomValue(before, id) !== atomValue(this.#states, id));
    const nextNs = nextChangeNs(this.#states, now);
    this.#dueMs =
      nextNs === null
        ? Number.POSITIVE_INFINITY
        : nowMs + Math.max(1, Math.ceil(Number(nextNs - now.nowNs) / 1e6));
    return this.#moved;
  }

  /** Both clocks; the monotonic one begins with the replay. */
  instant(nowMs: number): Instant {
    return { nowNs: BigInt(Math.round(nowMs - this.#startMs)) * NS_PER_MS, wallMs: nowMs };
  }

  #switches(): Switches {
    return this.#plan.switches.reduce<Switches>(
      (all, name) => setSwitch(all, name, this.#world.isOn(name), 0n, null),
      new Map(),
    );
  }

  /** True: some atom reads otherwise than at the last step. */
  #read(): boolean {
    let changed = false;
    this.#plan.atoms.forEach((atom, at) => {
      const reading = this.#readingOf(atom);
      if (reading === this.#readings[at]) return;
      this.#readings[at] = reading;
      changed = true;
    });
    return changed;
  }

  /** All of a sample that its comparison sees: whether it is known, and on which sides of the thresholds it lies. */
  #readingOf(atom: Atom): number {
    switch (atom.kind) {
      case 'calendar':
        return 0;
      case 'switch':
        return Number(this.#world.isOn(atom.name));
      case 'signal': {
        const sample = this.#world.latest(atom.signal);
        return sample === null ? 2 : Number(sample !== 0);
      }
      case 'process':
        return Number(this.#world.processes(atom.pattern));
      case 'budget':
        return Number(this.#budgets(atom.budget).spent);
      case 'comparison': {
        const sample = sampleOf(atom.subject, this.#world);
        if (sample === null) return 4;
        return (
          Number(holds(atom.start, sample)) + 2 * Number(atom.until !== null && holds(atom.until, sample))
        );
      }
    }
  }
}

const atomValue = (states: ConditionStates, atom: string): Truth | undefined => states.atoms.get(atom)?.value;
