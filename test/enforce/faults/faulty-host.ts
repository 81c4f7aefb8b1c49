import type { HostFacts } from '../../../src/compiler/facts.js';
import type { Action, Host, Observation, Outcome } from '../../../src/enforce/host.js';
import type { SimulatedHost } from '../../../src/enforce/simulated/simulated-host.js';
import type { Clock } from '../../../src/support/clock.js';

/** Everything that the enforcer has done to a machine. */
export type Effect = Action['kind'] | 'observe' | 'start' | 'stop';
export const EFFECTS = [
  'create-group',
  'remove-group',
  'set-weight',
  'set-quota',
  'gather',
  'reserve',
  'unreserve',
  'set-timetable',
  'set-knob',
  'unset-knob',
  'power-down',
  'end-guest',
  'forget-power-down',
  'forget-power-down',
  'release',
  'observe',
  'start',
  'stop',
] as const satisfies readonly Effect[];

/** What the kernel, or a guest, answers instead of doing it. */
const CODES = ['EBUSY', 'EPERM', 'ENOSPC', 'EIO', 'EINVAL', 'ENOENT', 'ENOTSUP', 'GONE'] as const;
type Code = (typeof CODES)[number];

/** What goes wrong with an effect. */
export const WAYS = [
  ...CODES,
  /** A bug in the host: it throws, with nothing done. */
  'throws',
  /** It is done, but the answer is lost. */
  'done-and-throws',
  /** A time-out of 2 s, then EIO. */
  'hangs',
  'guest-ends-before',
  'guest-ends-after',
  /** The guest ended, and the kernel has given its number to another. */
  'pid-reused',
  'user-stops-before',
  'user-continues-before',
  /** Somebody removes the group that it is about, with all below, after moving what is in it. */
  'group-vanishes',
  /** The daemon is killed: nothing of it goes on, and the guardian gives everything back. */
  'killed-before',
  'killed-after',
] as const;
export type Way = (typeof WAYS)[number];

export interface Fault {
  readonly effect: Effect;
  readonly way: Way;
  /** How often, from the next time on. */
  readonly times: number;
}

const HANG_NS = 2e9;
const NEVER = new Promise<never>(() => {});

/** A host between the enforcer and the simulated one, on which what is armed goes wrong. */
export class FaultyHost implements Host {
  /** Faults that have happened, by effect and way. */
  readonly happened = new Map<string, number>();
  /** Resolves when the daemon is killed. */
  readonly killed: Promise<void>;
  observations = 0;
  #armed: { fault: Fault; left: number }[] = [];
  #kill: () => void = () => {};
  #isDead = false;

  constructor(readonly simulated: SimulatedHost) {
    this.killed = new Promise((resolve) => {
      this.#kill = resolve;
    });
  }

  get clock(): Clock {
    return this.simulated.clock;
  }

  arm(fault: Fault): void {
    this.#armed.push({ fault, left: fault.times });
  }

  disarm(): void {
    this.#armed = [];
  }

  start(): Promise<void> {
    return this.#plainly('start', () => this.simulated.start());
  }

  facts(): Promise<HostFacts> {
    return this.simulated.facts();
  }

  observe(): Promise<Observation> {
    this.observations += 1;
    return this.#plainly('observe', () => this.simulated.observe());
  }

  stop(): Promise<void> {
    return this.#plainly('stop', () => this.simulated.stop());
  }

  async act(action: Action): Promise<Outcome> {
    if (this.#isDead) return NEVER;
    const way = this.#takeFault(action.kind);
    if (way === null) return this.simulated.act(action);
    const code = CODES.find((one) => one === way);
    if (code !== undefined) return refusal(code);
    if (way === 'hangs') {
      this.simulated.advance(HANG_NS);
      return refusal('EIO');
    }
    if (way === 'throws') throw new Error('injected: a bug in the host');
    if (way === 'killed-before') return this.#die();
    this.#happenAround(action, way, 'before');
    const outcome = await this.simulated.act(action);
    this.#happenAround(action, way, 'after');
    if (way === 'killed-after') return this.#die();
    if (way === 'done-and-throws') throw new Error('injected: the answer is lost');
    return outcome;
  }

  /** Effects that answer nothing: a refusal is thrown. */
  async #plainly<T>(effect: Effect, perform: () => Promise<T>): Promise<T> {
    if (this.#isDead) return NEVER;
    const way = this.#takeFault(effect);
    if (way === null) return perform();
    if (way === 'killed-before') return this.#die();
    if (way === 'hangs') this.simulated.advance(HANG_NS);
    const isLate = way === 'killed-after' || way === 'done-and-throws';
    if (!isLate) throw Object.assign(new Error(`injected: ${way}`), { code: way });
    await perform();
    if (way === 'killed-after') return this.#die();
    throw new Error('injected: the answer is lost');
  }

  #happenAround(action: Action, way: Way, when: 'before' | 'after'): void {
    if (when === 'before' && way === 'group-vanishes' && 'path' in action) {
      this.simulated.loseGroup(action.path);
    }
    const key = 'guest' in action ? action.guest : null;
    const guest = this.simulated.guests.find((one) => one.key === key);
    if (guest === undefined) return;
    if (way === `guest-ends-${when}`) this.simulated.end(guest.key);
    if (when === 'after') return;
    if (way === 'user-stops-before' && !guest.heldByUs) this.simulated.userStops(guest.key);
    if (way === 'user-continues-before') this.simulated.userContinues(guest.key);
    if (way !== 'pid-reused') return;
    this.simulated.end(guest.key);
    // Start times are told apart by ticks of 10 ms; the kernel gives out a number again no sooner.
    this.simulated.advance(2e7);
    this.simulated.userStops(this.simulated.boot({ name: guest.name }, guest.pid));
  }

  #takeFault(effect: Effect): Way | null {
    const armed = this.#armed.find(({ fault, left }) => fault.effect === effect && left > 0);
    if (armed === undefined) return null;
    armed.left -= 1;
    const { way } = armed.fault;
    this.happened.set(way, (this.happened.get(way) ?? 0) + 1);
    return way;
  }

  #die(): Promise<never> {
    this.#isDead = true;
    this.#kill();
    return NEVER;
  }
}

const refusal = (code: Code): Outcome => ({ ok: false, code, message: 'injected', retry: code === 'EBUSY' });
