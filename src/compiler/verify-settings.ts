import type { Plan, Schedule } from './plan.js';

/*
 * What settings promise that takes no proof but themselves. Like verify.ts it shares nothing with the compiler.
 */

export const settingProblems = (schedule: Schedule, plan: Plan): readonly string[] => [
  ...placementProblems(schedule),
  ...memoryProblems(schedule, plan),
];

/** Servers of guests that are placed are on cores of their placement. */
function placementProblems({ settings, servers }: Schedule): readonly string[] {
  const placed = new Map(
    settings.flatMap((one) => (one.mechanism === 'placement' ? [[one.class, one.cores] as const] : [])),
  );
  const astray = servers.filter(
    (server) => placed.get(server.class)?.some((core) => core === server.core) === false,
  );
  return [...new Set(astray.map((server) => server.class))].map(
    (name) => `a server of ${name} is not on a core that it is placed on`,
  );
}

/**
 * The memory floors of all classes, each for as many guests as there may be, and what is kept for the owner fit into
 * the host's memory; nobody is promised more than it may have.
 */
function memoryProblems({ settings }: Schedule, { classes, host }: Plan): readonly string[] {
  const memory = settings.flatMap((one) => (one.mechanism === 'memory' ? [one] : []));
  const problems = memory.flatMap(({ class: name, ceilingBytes, floorBytes }) =>
    ceilingBytes !== null && floorBytes !== null && floorBytes > ceilingBytes
      ? [`${name} is promised more memory than it may have`]
      : [],
  );
  const floorOf = (name: string, scope: 'each' | 'sum'): number =>
    memory.find((one) => one.class === name && one.scope === scope)?.floorBytes ?? 0;
  const total = classes
    .map(({ name, maxGuests }) => Math.max(floorOf(name, 'sum'), floorOf(name, 'each') * maxGuests))
    .reduce((sum, bytes) => sum + bytes, floorOf('owner', 'sum') + floorOf('others', 'sum'));
  return total > host.memoryBytes ? [...problems, 'more memory is promised than the host has'] : problems;
}
