import { multiply, type Rational, rational, ZERO } from '../../support/rational.js';
import type { EffectiveHost } from '../effective-host.js';
import { larger, leastCommonMultiple } from '../exact.js';
import type { Schedule, Server, Transition } from '../plan.js';
import { coreLimit } from '../reservations/core-limit.js';
import { globalCores } from '../reservations/global-edf.js';
import { sameServers } from '../same-servers.js';

/** Above this many sets of servers only the changes that need two steps are listed. */
const LISTED_IN_FULL = 64;
/** Above this many, and unless all fit at once, the changes between them are too many to be checked one by one. */
export const MOST_SERVER_SETS = 512;

/** A server with its utilisation in a unit that all servers of the plan have in common. */
interface Load {
  readonly core: number | null;
  readonly load: bigint;
}

interface ServerSet {
  readonly schedules: readonly string[];
  /** By class, member and thread. */
  readonly loads: ReadonlyMap<string, Load>;
}

/**
 * How to get from each schedule to every other: at once where every server, as it is in the one or in the other,
 * whichever takes more, fits on both cores concerned (section "Modes and changes of mode"), else in two steps.
 * Null: more than {@link MOST_SERVER_SETS} sets of servers that do not fit all at once.
 */
export function transitionsBetween(
  schedules: readonly Schedule[],
  host: EffectiveHost,
): readonly Transition[] | null {
  const { sets, unit } = serverSets(schedules, host);
  const fits = (several: readonly ServerSet[]) => fitTogether(several, unit, host);
  const allDirect = fits(sets);
  if (sets.length > LISTED_IN_FULL && allDirect) return [];
  if (sets.length > MOST_SERVER_SETS) return null;
  const transitions: Transition[] = [];
  for (const [index, from] of sets.entries()) {
    for (const to of sets.slice(index + 1)) {
      const steps = allDirect || fits([from, to]) ? 'direct' : 'two-step';
      if (steps === 'direct' && sets.length > LISTED_IN_FULL) continue;
      for (const a of from.schedules) {
        for (const b of to.schedules) transitions.push({ from: a, to: b, steps }, { from: b, to: a, steps });
      }
    }
  }
  return transitions;
}

function serverSets(
  schedules: readonly Schedule[],
  host: EffectiveHost,
): { readonly sets: readonly ServerSet[]; readonly unit: bigint } {
  const distinct: { readonly schedules: string[]; readonly servers: readonly Server[] }[] = [];
  for (const { id, servers: own, timing } of schedules) {
    const servers = timing ? [...own, { class: '', member: 0, thread: 'timing', ...timing }] : own;
    const known = distinct.find((one) => sameServers(one.servers, servers));
    if (known) known.schedules.push(id);
    else distinct.push({ schedules: [id], servers });
  }
  const all = distinct.flatMap(({ servers }) => servers);
  const unit = leastCommonMultiple(new Set(all.map((server) => utilisation(server, host).den)));
  const sets = distinct.map((one) => ({ schedules: one.schedules, loads: loadsOf(one.servers, unit, host) }));
  return { sets, unit };
}

function loadsOf(servers: readonly Server[], unit: bigint, host: EffectiveHost): ReadonlyMap<string, Load> {
  return new Map(
    servers.map((server) => {
      const { num, den } = utilisation(server, host);
      const identity = `${server.class}/${server.member}/${server.thread}`;
      return [identity, { core: server.core, load: num * (unit / den) }];
    }),
  );
}

/** Whether every server, as it is where it takes most, fits on every core that it is on in one of the sets. */
function fitTogether(sets: readonly ServerSet[], unit: bigint, host: EffectiveHost): boolean {
  const heaviest = new Map<string, { readonly cores: Set<number | null>; load: bigint }>();
  for (const { loads } of sets) {
    for (const [identity, { core, load }] of loads) {
      const known = heaviest.get(identity);
      if (!known) heaviest.set(identity, { cores: new Set([core]), load });
      else {
        known.cores.add(core);
        known.load = larger(known.load, load);
      }
    }
  }
  const perCore = new Map<number | null, bigint>();
  for (const { cores, load } of heaviest.values()) {
    for (const core of cores) perCore.set(core, (perCore.get(core) ?? 0n) + load);
  }
  return [...perCore].every(([core, load]) => {
    const { num, den } = limitOf(core, host);
    return load * den <= num * unit;
  });
}

/** What servers may use of a core; of all of them where they are on none in particular. */
function limitOf(core: number | null, host: EffectiveHost): Rational {
  if (core === null) {
    const { cores, perCore } = globalCores(host);
    return multiply(rational(BigInt(cores)), perCore);
  }
  const known = host.cores.find(({ id }) => id === core);
  return known ? coreLimit(known, host) : ZERO;
}

const utilisation = ({ budgetNs, periodNs }: Server, { contextSwitchesNs }: EffectiveHost): Rational =>
  rational(BigInt(budgetNs) + contextSwitchesNs, BigInt(periodNs));
