import { groupBy } from '../group-by.js';
import type { Plan, Schedule, Setting } from '../plan.js';

/** Schedules that set the same, though for other sentences. */
export interface AlikeSchedules {
  /** The first of them, its settings with the sentences of all. */
  readonly schedule: Schedule;
  readonly ids: readonly string[];
}

/** The schedules of a plan, those together that set and prove the same; in the order of the first of each. */
export function alikeSchedules({ schedules, certificate }: Plan): readonly AlikeSchedules[] {
  const proofs = new Map(certificate.schedules.map(({ schedule, ...proof }) => [schedule, proof]));
  const effectOf = ({ id, settings, ...rest }: Schedule): string =>
    JSON.stringify([settings.map(({ because, ...setting }) => setting), rest, proofs.get(id)]);
  return [...groupBy(schedules, effectOf).values()].map((alike) => ({
    // INVARIANT: no group is empty.
    schedule: {
      ...alike[0]!,
      settings: alike[0]!.settings.map((setting, index) => ({
        ...setting,
        because: united(alike.flatMap(({ settings }) => settings[index]?.because ?? [])),
      })),
    },
    ids: alike.map(({ id }) => id),
  }));
}

/** In the order of the files. */
function united(all: Setting['because']): Setting['because'] {
  const byPlace = new Map(all.map((one) => [`${one.range.start.offset} ${one.file}`, one]));
  const fileOrder = [...new Set(all.map(({ file }) => file))];
  return [...byPlace.values()].sort(
    (a, b) =>
      fileOrder.indexOf(a.file) - fileOrder.indexOf(b.file) || a.range.start.offset - b.range.start.offset,
  );
}
