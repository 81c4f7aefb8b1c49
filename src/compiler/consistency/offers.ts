import type { Plan } from '../plan.js';
import { unless } from '../verify/host.js';
import { isOnce } from './is-once.js';

/** What is offered is admitted as a class of such guests, which have their memory wherever the offer holds. */
export function offerProblems({ offers, classes, modes, schedules }: Plan): readonly string[] {
  const scheduleOf = new Map(modes.map((mode) => [mode.id, mode.schedule]));
  const settingsOf = new Map(schedules.map(({ id, settings }) => [id, settings]));
  const classOf = new Map(classes.map((one) => [one.name, one]));
  return [
    ...unless(isOnce(offers.map(({ name }) => name)), 'two offers have the same name'),
    ...offers.flatMap(({ name, count, vcpus, memoryBytes, modes: own }) => {
      const declared = classOf.get(name);
      const isAdmitted =
        declared?.kind === 'group' &&
        declared.maxGuests === count &&
        declared.vcpus === vcpus &&
        declared.memoryBytes === memoryBytes;
      const hasMemory = [...new Set(own.map((id) => scheduleOf.get(id)))].every((id) =>
        (settingsOf.get(id ?? '') ?? []).some(
          (one) =>
            one.mechanism === 'memory' &&
            one.class === name &&
            (one.scope === 'each' || count === 1) &&
            (one.floorBytes ?? 0) >= (memoryBytes ?? 0),
        ),
      );
      return [
        ...unless(isAdmitted, 'an offer is not admitted as a class'),
        ...unless(isOnce(own), `offer ${name} holds in a mode twice`),
        ...unless(
          own.every((id) => scheduleOf.has(id)),
          'an offer holds in no such mode',
        ),
        ...unless(memoryBytes === null || hasMemory, `offer ${name} has no memory where it holds`),
      ];
    }),
  ];
}
