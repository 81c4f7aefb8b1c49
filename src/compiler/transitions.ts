import { add, compare, multiply, type Rational, rational, ZERO } from '../support/rational.js';
import type { EffectiveHost } from './effective-host.js';
import type { Schedule, Server, Transition } from './plan.js';
import { CONTEXT_SWITCHES_NS } from './server-demand.js';

/** Above this many sets of servers only the changes that need two steps are listed. */
const LISTED_IN_FULL = 64;

interface ServerSet {
  readonly schedules: readonly string[];
  /** By class, member and thread. */
  readonly servers: ReadonlyMap<string, Server>;
}

/**
 * How to get from each schedule to every other: at once where every server, as it is in the one or in the other,
 * whichever takes more, fits on both cores concerned (section "Modes and changes of mode"), else in two steps.
 */
export function transitionsBetween(
  schedules: readonly Schedule[],
  host: EffectiveHost,
): readonly Transition[] {
  const sets = serverSets(schedules);
  const all = sets.length <= LISTED_IN_FULL;
  const transitions: Transition[] = [];
  for (const [index, from] of sets.entries()) {
    for (const to of sets.slice(index + 1)) {
      const steps = isDirect(from, to, host) ? 'direct' : 'two-step';
      if (steps === 'direct' && !all) continue;
      for (const a of from.schedules) {
        for (const b of to.schedules) transitions.push({ from: a, to: b, steps }, { from: b, to: a, steps });
      }
    }
  }
  return transitions;
}

function serverSets(schedules: readonly Schedule[]): readonly ServerSet[] {
  const sets = new Map<string, { schedules: string[]; servers: ReadonlyMap<string, Server> }>();
  for (const { id, servers, timing } of schedules) {
    const all: readonly Server[] = timing
      ? [...servers, { class: '', member: 0, thread: 'timing', ...timing }]
      : servers;
    const key = JSON.stringify(all);
    const known = sets.get(key);
    if (known) known.schedules.push(id);
    else
      sets.set(key, { schedules: [id], servers: new Map(all.map((server) => [identity(server), server])) });
  }
  return [...sets.values()];
}

const identity = ({ class: name, member, thread }: Server): string => `${name}/${member}/${thread}`;

function isDirect(from: ServerSet, to: ServerSet, host: EffectiveHost): boolean {
  const loads = new Map<number | null, Rational>();
  for (const key of new Set([...from.servers.keys(), ...to.servers.keys()])) {
    const [before, after] = [from.servers.get(key), to.servers.get(key)];
    const heavier = [before, after].map(utilisation).reduce((a, b) => (compare(a, b) >= 0 ? a : b));
    for (const core of new Set([before, after].flatMap((server) => (server ? [server.core] : [])))) {
      loads.set(core, add(loads.get(core) ?? ZERO, heavier));
    }
  }
  return [...loads].every(([core, load]) => {
    const cores = core === null ? BigInt(host.coreCount) : 1n;
    return compare(load, multiply(host.deadlineLimit, rational(cores))) <= 0;
  });
}

function utilisation(server: Server | undefined): Rational {
  return server ? rational(BigInt(server.budgetNs) + CONTEXT_SWITCHES_NS, BigInt(server.periodNs)) : ZERO;
}
