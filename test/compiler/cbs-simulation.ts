import type { Random } from '../grammar/random.js';

/*
 * Servers as Linux keeps them under SCHED_DEADLINE (kernel/sched/deadline.c: update_dl_entity, replenish_dl_entity,
 * dl_task_timer), written from its rules and not from the analysis, in whole units of time.
 */

export interface CbsServer {
  readonly budget: number;
  readonly period: number;
}

export interface CbsTerms {
  /** 1: plain EDF; more: global EDF, threads move freely. */
  readonly cores: number;
  /** Budgets are looked at every so often, and when the core is given to another; 0: to the unit. */
  readonly tick: number;
  readonly end: number;
}

/** What a guest does with its vCPU: it computes for so long, then waits for so long, and so on; Infinity: for ever. */
export type Behaviour = () => { readonly compute: number; readonly wait: number };

export interface CbsOutcome {
  /** For each server the longest time that its guest wanted CPU and had none. */
  readonly gaps: readonly number[];
  /** For each server how late it had what it was given: 0 where every budget was to be had by its deadline. */
  readonly lateness: readonly number[];
}

class Entity {
  runtime = 0;
  deadline = 0;
  throttled = false;
  waiting = true;
  /** Until it computes again; then how long it does. */
  left = 0;
  wantsSince = 0;
  longestGap = 0;
  latest = 0;

  constructor(
    readonly server: CbsServer,
    readonly behaviour: Behaviour,
  ) {}

  wake(now: number): void {
    this.waiting = false;
    this.wantsSince = now;
    if (this.throttled) return;
    const { budget, period } = this.server;
    if (this.deadline <= now || this.runtime * period > (this.deadline - now) * budget) this.#reset(now);
  }

  #reset(now: number): void {
    this.deadline = now + this.server.period;
    this.runtime = this.server.budget;
  }

  replenish(now: number): void {
    while (this.runtime <= 0) {
      this.deadline += this.server.period;
      this.runtime += this.server.budget;
    }
    if (this.deadline <= now) this.#reset(now);
    this.throttled = false;
  }

  /** Looks at the budget; a server whose deadline is over is given the next one at once. */
  look(now: number): void {
    if (this.throttled || this.runtime > 0) return;
    this.throttled = true;
    if (this.deadline <= now) this.replenish(now);
  }
}

/** Runs servers, all of whose guests begin after `begin` of them, on cores; one unit of time at a step. */
export function simulateCbs(
  servers: readonly CbsServer[],
  behaviours: readonly Behaviour[],
  { cores, tick, end }: CbsTerms,
): CbsOutcome {
  // INVARIANT: one behaviour for each server.
  const entities = servers.map((server, index) => new Entity(server, behaviours[index]!));
  let running = new Set<Entity>();
  for (let now = 0; now < end; now++) {
    for (const one of entities) {
      if (one.throttled && one.deadline <= now) one.replenish(now);
      if (one.waiting && one.left-- <= 0) {
        const { compute, wait } = one.behaviour();
        one.left = compute;
        if (compute > 0) one.wake(now);
        else one.left = wait;
      }
    }
    if (tick === 0 || now % tick === 0) for (const one of running) one.look(now);
    const next = choose(entities, running, cores);
    let changed = false;
    for (const one of running) {
      if (next.has(one)) continue;
      one.look(now);
      changed = true;
    }
    running = changed ? choose(entities, next, cores) : next;
    for (const one of entities) step(one, running, now);
    for (const one of running) if (one.waiting) running.delete(one);
  }
  return {
    gaps: entities.map(({ longestGap }) => longestGap),
    lateness: entities.map(({ latest }) => latest),
  };
}

/** The earliest deadlines; of equal ones what runs already, so that nothing is taken from a core for nothing. */
function choose(entities: readonly Entity[], running: ReadonlySet<Entity>, cores: number): Set<Entity> {
  const ready = entities.filter(({ throttled, waiting }) => !throttled && !waiting);
  const rank = (one: Entity) => (running.has(one) ? 0 : 1);
  return new Set(ready.sort((a, b) => a.deadline - b.deadline || rank(a) - rank(b)).slice(0, cores));
}

function step(one: Entity, running: ReadonlySet<Entity>, now: number): void {
  if (one.waiting) return;
  if (!running.has(one)) {
    one.longestGap = Math.max(one.longestGap, now + 1 - one.wantsSince);
    return;
  }
  one.wantsSince = now + 1;
  // Only what it was given is due at its deadline, not what it takes beyond that.
  if (one.runtime > 0) one.latest = Math.max(one.latest, now + 1 - one.deadline);
  one.runtime -= 1;
  one.left -= 1;
  if (one.left > 0) return;
  one.waiting = true;
  one.left = one.behaviour().wait;
  one.look(now + 1);
}

/** Guests of four kinds: always busy, busy for long or short, and those that wake again at once. */
export function someBehaviour(random: Random, { budget, period }: CbsServer): Behaviour {
  const kind = random.below(4);
  if (kind === 0) return () => ({ compute: Number.POSITIVE_INFINITY, wait: 0 });
  const longest = kind === 1 ? 2 * budget : kind === 2 ? Math.max(1, budget - 1) : 2;
  const pause = kind === 3 ? 2 : period;
  return () => ({ compute: random.between(1, longest), wait: random.between(0, pause) });
}
