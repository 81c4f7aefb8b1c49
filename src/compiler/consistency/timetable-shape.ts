import type { Plan, Schedule, Timetable } from '../plan.js';
import { unless } from '../verify/host.js';
import { dutiesIn } from '../verify/timetables.js';
import { isOnce } from './is-once.js';

type Window = Timetable['windows'][number];

/** Cycles come with a timetable of windows in order, and with ceilings of classes that exist. */
export function timetableShapeProblems(schedule: Schedule, { classes }: Plan): readonly string[] {
  const { timetable } = schedule;
  if (timetable === null) return [];
  const { hyperperiodNs, windows, ceilings = [] } = timetable;
  const known = new Set(['others', ...classes.map(({ name }) => name)]);
  const duties = dutiesIn(schedule);
  return [
    ...unless(duties.length > 0, 'a timetable of nobody'),
    ...unless(hyperperiodNs > 0, 'a timetable that never repeats'),
    ...unless(
      windows.every((one, index) => isBehind(one, windows[index - 1])),
      'the windows of the timetable are in no order',
    ),
    ...unless(
      ceilings.every(
        (one) =>
          one.classes.length > 0 && isOnce(one.classes) && one.classes.every((name) => known.has(name)),
      ),
      'a ceiling of the timetable is not of classes, each of them once',
    ),
    ...unless(isOnce(duties.map((one) => one.class)), 'a guest has two cycles'),
  ];
}

function isBehind(one: Window, before: Window | undefined): boolean {
  if (!before || before.startNs !== one.startNs) return !before || before.startNs < one.startNs;
  return before.class < one.class || (before.class === one.class && before.member < one.member);
}
