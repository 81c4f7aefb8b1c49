import type { Plan, Schedule } from '../plan.js';
import { above, type Fraction, ratio, sum, times, ZERO } from '../verify/fractions.js';
import { type Host, hostOf, serversOf } from '../verify/host.js';
import { threadOf } from './threads.js';
import { type ServerKeys, transitionListProblems } from './transition-list.js';

/** Changes of mode are listed, and those at once are safe. */
export function transitionProblems(plan: Plan): readonly string[] {
  // Schedules with the same servers, of which a plan may have very many, are looked at once.
  const keys = new Map(plan.schedules.map((one) => [one.id, JSON.stringify([one.servers, one.timing])]));
  return [...unsafeChanges(plan, keys), ...transitionListProblems(plan, keys)];
}

/** A change that is not in two steps overloads no core, whichever of its servers have changed already. */
function unsafeChanges(plan: Plan, keys: ServerKeys): readonly string[] {
  const { transitions, schedules } = plan;
  const host = hostOf(plan);
  const ids = new Set(schedules.map(({ id }) => id));
  const unknown = transitions.find(({ from, to }) => !ids.has(from) || !ids.has(to));
  if (unknown) return [`a transition from ${unknown.from} to ${unknown.to}, which do not both exist`];
  const twoStep = new Set(
    transitions.flatMap(({ from, to, steps }) => (steps === 'direct' ? [] : [`${from} ${to}`])),
  );
  const distinct = new Map(schedules.map((one) => [keys.get(one.id), one]));
  if (isSafe([...distinct.values()], host)) return [];
  const known = new Map<string, boolean>();
  return schedules.flatMap((from, index) =>
    schedules.slice(index + 1).flatMap((to) => {
      const [a, b] = [keys.get(from.id), keys.get(to.id)];
      if (a === b || (twoStep.has(`${from.id} ${to.id}`) && twoStep.has(`${to.id} ${from.id}`))) return [];
      const safe = known.get(`${a} ${b}`) ?? isSafe([from, to], host);
      known.set(`${a} ${b}`, safe);
      return safe ? [] : [`the change between ${from.id} and ${to.id} is not safe at once`];
    }),
  );
}

/** Every server fits, as it is where it takes most, on every core that it is on in one of these schedules. */
function isSafe(schedules: readonly Schedule[], host: Host): boolean {
  const all = schedules.flatMap(serversOf);
  const most = new Map<string, Fraction>();
  for (const server of all) {
    const [thread, own] = [threadOf(server), host.utilisation(server)];
    if (above(own, most.get(thread) ?? ZERO)) most.set(thread, own);
  }
  const threadsOn = new Map<number | null, Set<string>>();
  for (const server of all) {
    const threads = threadsOn.get(server.core) ?? new Set();
    threadsOn.set(server.core, threads.add(threadOf(server)));
  }
  return [...threadsOn].every(([core, threads]) => {
    const limit = core === null ? times(host.limitOf(null), ratio(host.cores.length)) : host.limitOf(core);
    return !above(sum([...threads].map((thread) => most.get(thread) ?? ZERO)), limit);
  });
}
