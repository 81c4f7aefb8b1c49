import type { Plan } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

/** Facts about a host that can be. */
export function hostProblems({ host, atoms }: Plan): readonly string[] {
  const { cores, deadlineLimit, mechanisms, cgroup, nice, sensors, timezone } = host;
  const needsZone = atoms.some(({ kind }) => kind === 'calendar');
  const means: readonly (readonly [(typeof mechanisms)[number], boolean])[] = [
    ['reservation', deadlineLimit > 0],
    ['share', (cgroup.version > 0 && cgroup.gather) || nice !== undefined],
    ['quota', cgroup.version > 0],
    ['freezer', cgroup.freezer],
  ];
  return [
    ...unless(
      typeof cores === 'number' ? cores > 0 : cores.length > 0 && isOnce(cores.map(({ id }) => `${id}`)),
      'the host has no cores, or one of them twice',
    ),
    ...unless(isOnce(mechanisms) && isOnce(sensors), 'the host has a mechanism or sensor twice'),
    ...means
      .filter(([mechanism, has]) => !has && mechanisms.includes(mechanism))
      .map(([mechanism]) => `the host has no means for a ${mechanism}`),
    ...unless(nice === undefined || nice.least <= nice.most, 'the host has no nice value'),
    ...unless(!needsZone || isZone(timezone), `${timezone} is no time zone`),
  ];
}

function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
