import type { Schedule, ScheduleProof } from '../plan.js';
import { above, equal, minus, parse, ratio, sum, times } from './fractions.js';
import { type Host, serversOf, unless } from './host.js';

/* Weights divide what reservations leave of the host, level by level, and no part is below its floor. */

export function shareProblems(schedule: Schedule, { shares }: ScheduleProof, host: Host): string[] {
  const elevated = schedule.settings.flatMap((one) =>
    'elevated' in one ? [times(ratio(one.runNs, one.periodNs), ratio(host.vcpusIn(one.class)))] : [],
  );
  const reserved = sum([...serversOf(schedule).map(host.utilisation), ...elevated]);
  const left = minus(ratio(host.cores.length), reserved);
  const parts = shares.flatMap(({ children }) => children);
  return shares.flatMap(({ parent, availableCores, children }) => {
    const available = parse(availableCores);
    const total = children.reduce((all, { weight }) => all + weight, 0);
    const isHad = parts.some((one) => one.class === parent && equal(parse(one.guaranteedCores), available));
    const has = parent === 'host' ? equal(available, left) : isHad;
    return [
      ...unless(has, `${parent} does not have ${availableCores} cores to divide`),
      ...children.flatMap(({ class: name, weight, guaranteedCores, floorCores }) => {
        const part = times(available, ratio(weight, total));
        const isFloor = floorCores === null || !above(parse(floorCores), part);
        return [
          ...unless(
            weight > 0 && equal(part, parse(guaranteedCores)),
            `${name} does not have ${guaranteedCores} cores`,
          ),
          ...unless(isFloor, `${name} has less than its floor ${floorCores}`),
        ];
      }),
    ];
  });
}
