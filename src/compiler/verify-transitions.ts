import type { Plan, Schedule } from './plan.js';
import { above, type Fraction, plus, times, zero } from './verify-fractions.js';
import { coreIds, coreLimit, identity, slowestLimit, utilisationOn, withTiming } from './verify-servers.js';

/*
 * Re-checks that changes of mode are safe. Like verify.ts, and as a part of it, it shares nothing with the compiler.
 */

/** Every change that is not in two steps never overloads a core, whichever of its servers have changed already. */
export function transitionProblems({ transitions, schedules, host }: Plan): readonly string[] {
  const ids = new Set(schedules.map(({ id }) => id));
  const unknown = transitions.find(({ from, to }) => !ids.has(from) || !ids.has(to));
  if (unknown) return [`a transition from ${unknown.from} to ${unknown.to}, which do not both exist`];
  const twoStep = new Set(
    transitions.flatMap(({ from, to, steps }) => (steps === 'direct' ? [] : [`${from} ${to}`])),
  );
  // Schedules with the same servers, of which a plan may have very many, are looked at once.
  const distinct = new Map(schedules.map((one) => [JSON.stringify([one.servers, one.timing]), one]));
  const same = (one: Schedule) => distinct.get(JSON.stringify([one.servers, one.timing]))?.id ?? one.id;
  const standIn = new Map(schedules.map((one) => [one.id, same(one)]));
  if (isSafe([...distinct.values()], host)) return [];
  const known = new Map<string, boolean>();
  return schedules.flatMap((from, index) =>
    schedules.slice(index + 1).flatMap((to) => {
      const [a, b] = [standIn.get(from.id), standIn.get(to.id)];
      if (a === b || (twoStep.has(`${from.id} ${to.id}`) && twoStep.has(`${to.id} ${from.id}`))) return [];
      const safe = known.get(`${a} ${b}`) ?? isSafe([from, to], host);
      known.set(`${a} ${b}`, safe);
      return safe ? [] : [`the change between ${from.id} and ${to.id} is not safe at once`];
    }),
  );
}

/** Every server fits, as it is where it takes most, on every core that it is on in one of these schedules. */
function isSafe(schedules: readonly Schedule[], host: Plan['host']): boolean {
  const cores = BigInt(coreIds(host).length);
  const all = schedules.flatMap(withTiming);
  const heavier = new Map<string, Fraction>();
  for (const server of all) {
    const [key, own] = [identity(server), utilisationOn(host)(server)];
    if (above(own, heavier.get(key) ?? zero)) heavier.set(key, own);
  }
  const loads = new Map<string, Fraction>();
  for (const place of new Set(all.map((server) => `${server.core}|${identity(server)}`))) {
    const core = place.slice(0, place.indexOf('|'));
    loads.set(core, plus(loads.get(core) ?? zero, heavier.get(place.slice(core.length + 1)) ?? zero));
  }
  return [...loads].every(
    ([core, load]) =>
      !above(load, core === 'null' ? times(slowestLimit(host), [cores, 1n]) : coreLimit(Number(core), host)),
  );
}
