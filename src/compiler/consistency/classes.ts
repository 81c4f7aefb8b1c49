import type { Plan, PlanClass } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

/** What is declared of guests is possible, and nobody but the guests of an offer matches nothing. */
export function classProblems({ classes, offers, ignored, signals, switches }: Plan): readonly string[] {
  const offered = new Set(offers.map(({ name }) => name));
  return [
    ...classes.flatMap((one) => [
      ...unless(isCounted(one), `${one.name} has no number of guests and vCPUs that can be`),
      ...unless((one.tasks ?? []).every(isTask), `a task of ${one.name} cannot be on time`),
      ...unless(
        isOnce((one.tasks ?? []).map(({ name }) => name)),
        `two tasks of ${one.name} have the same name`,
      ),
      ...unless(
        (one.match.length === 0) === offered.has(one.name) && one.match.every(({ length }) => length > 0),
        `${one.name} matches nothing, or is an offer that matches something`,
      ),
    ]),
    ...unless(
      ignored.every(({ beforeClass, match }) => isIndex(beforeClass, classes.length + 1) && match.length > 0),
      'a guest is ignored before no class',
    ),
    ...unless(
      ignored.every(({ beforeClass }, index) => beforeClass >= (ignored[index - 1]?.beforeClass ?? 0)),
      'ignored guests are in no order',
    ),
    ...unless(
      isOnce([...switches, ...signals.map(({ name }) => name)]),
      'two switches or signals have the same name',
    ),
  ];
}

const isCounted = ({ kind, maxGuests, vcpus, memoryBytes }: PlanClass): boolean =>
  [maxGuests, vcpus, memoryBytes ?? 1].every((count) => count >= 1) && (kind === 'group' || maxGuests === 1);

const isTask = ({ costNs, periodNs, deadlineNs }: NonNullable<PlanClass['tasks']>[number]): boolean =>
  [0 < costNs, costNs <= deadlineNs, deadlineNs <= periodNs].every(Boolean);

const isIndex = (index: number, below: number): boolean => 0 <= index && index < below;
