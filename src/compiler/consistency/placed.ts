import type { Plan, Schedule, ScheduleProof } from '../plan.js';
import { serversOf, unless } from '../verify/host.js';

/** Servers are on cores where threads can be confined to them, and nowhere in particular where they cannot. */
export function placedProblems(
  schedule: Schedule,
  { reservations: { test } }: ScheduleProof,
  { host }: Plan,
): readonly string[] {
  if (test === 'none') return [];
  const isPlaced = test === 'partitioned-edf';
  return [
    ...unless(
      isPlaced === host.cgroup.cpuset,
      'servers are proved in a way that is not how the host places them',
    ),
    ...unless(
      isPlaced || serversOf(schedule).every(({ core }) => core === null),
      'a server is on a core under a test for all cores',
    ),
  ];
}
