import type { Schedule, SettingOf, Timetable } from '../plan.js';
import { type Host, unless } from './host.js';

/* In every period each guest of a duty cycle runs as long as its setting says, and never do more vCPUs than ceilings allow. */

export type Duty = SettingOf<'duty' | 'freezer'>;
export const dutiesIn = ({ settings }: Schedule): readonly Duty[] =>
  settings.flatMap((one) => (one.mechanism === 'duty' || one.mechanism === 'freezer' ? [one] : []));

export function timetableProblems(schedule: Schedule, host: Host): string[] {
  const duties = dutiesIn(schedule);
  const { timetable } = schedule;
  if (timetable === null) return unless(duties.length === 0, 'duty cycles without a timetable');
  const { hyperperiodNs, windows, ceilings = [] } = timetable;
  const isOurs = ({ class: name, member, startNs, endNs }: Timetable['windows'][number]) =>
    duties.some((one) => one.class === name && member >= 0 && member < host.guestsIn(name)) &&
    [0 <= startNs, startNs < endNs, endNs <= hyperperiodNs].every(Boolean);
  return [
    ...unless(windows.every(isOurs), 'a window is nobody’s, or outside the timetable'),
    ...duties.flatMap((duty) =>
      [...new Array(host.guestsIn(duty.class)).keys()].flatMap((member) =>
        unless(runsAsSaid(duty, member, timetable), `guest ${member} of ${duty.class} does not get its runs`),
      ),
    ),
    ...ceilings
      .filter(({ classes, vcpus }) => peak(timetable, classes, host) > vcpus)
      .map(({ classes, vcpus }) => `more than ${vcpus} vCPUs of ${classes.join(', ')} run at once`),
  ];
}

/** In every period just so long, in windows that do not overlap. */
function runsAsSaid({ class: name, runNs, periodNs }: Duty, member: number, timetable: Timetable): boolean {
  const own = windowsOf(name, member, timetable);
  if (runNs === 0) return own.length === 0;
  const { hyperperiodNs } = timetable;
  const overlaps = own.some(({ startNs }, index) => startNs < (own[index - 1]?.endNs ?? 0));
  if (hyperperiodNs % periodNs !== 0 || overlaps) return false;
  const times = new Array<number>(hyperperiodNs / periodNs).fill(0);
  for (const { startNs, endNs } of own) {
    for (let at = startNs; at < endNs; ) {
      const period = Math.floor(at / periodNs);
      const until = Math.min(endNs, (period + 1) * periodNs);
      times[period] = (times[period] ?? 0) + until - at;
      at = until;
    }
  }
  return times.every((time) => time === runNs);
}

/** Of one guest, ascending. */
export const windowsOf = (name: string, member: number, { windows }: Timetable): Timetable['windows'] =>
  windows.filter((one) => one.class === name && one.member === member).sort((a, b) => a.startNs - b.startNs);

/** The most vCPUs of some classes that run at any instant. */
export function peak({ windows }: Timetable, classes: readonly string[], { widthOf }: Host): number {
  const edges = windows
    .filter((one) => classes.includes(one.class))
    .flatMap(({ class: name, startNs, endNs }) => [
      { at: startNs, change: widthOf(name) },
      { at: endNs, change: -widthOf(name) },
    ])
    .sort((a, b) => a.at - b.at || a.change - b.change);
  let [running, most] = [0, 0];
  for (const { change } of edges) {
    running += change;
    most = Math.max(most, running);
  }
  return most;
}
