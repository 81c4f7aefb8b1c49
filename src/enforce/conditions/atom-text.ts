import type { Atom, Calendar } from '../../compiler/plan.js';
import { formatDuration } from '../../support/duration.js';
import type { ComparisonAtom } from './comparison.js';

/** An atom in the policy's words, for status and event log. Values are in the sensor's unit, which the plan leaves out. */
export function atomText(atom: Atom): string {
  switch (atom.kind) {
    case 'calendar':
      return calendarText(atom.calendar);
    case 'switch':
      return atom.name;
    case 'signal':
      return atom.signal;
    case 'process':
      return `process ${JSON.stringify(atom.pattern)} running`;
    case 'budget':
      return `budget ${atom.budget} spent`;
    case 'comparison': {
      const until = atom.until === null ? '' : ` until ${thresholdText(atom.until)}`;
      return `${subjectText(atom.subject)} ${thresholdText(atom.start)}${until}`;
    }
  }
}

/** A signal, or its forecast, in the policy's words. */
export function subjectText(subject: ComparisonAtom['subject']): string {
  if (subject.kind === 'signal') return subject.signal;
  const side = subject.side === 'upper' ? '' : 'lower ';
  const level = Number((subject.level * 100).toPrecision(12));
  return `forecast(${subject.signal} over ${formatDuration(subject.overNs)} at ${side}${level}%)`;
}

function thresholdText({ operator, value, forNs }: ComparisonAtom['start']): string {
  const duration = forNs === 0 ? '' : ` for ${formatDuration(forNs)}`;
  return `${operator} ${Number(value.toPrecision(12))}${duration}`;
}

function calendarText(calendar: Calendar): string {
  switch (calendar.kind) {
    case 'except':
      return `${calendarText(calendar.base)} except ${calendarText(calendar.removed)}`;
    case 'days':
      return [calendar.weekdays.join(','), windowsText(calendar.windows)].filter(Boolean).join(' ');
    case 'dates': {
      const ranges = calendar.ranges.map(({ first, last }) => (first === last ? first : `${first}..${last}`));
      return [ranges.join(', '), windowsText(calendar.windows)].filter(Boolean).join(' ');
    }
  }
}

const windowsText = (windows: readonly { startMinute: number; endMinute: number }[]): string =>
  windows.map(({ startMinute, endMinute }) => `${clockText(startMinute)}-${clockText(endMinute)}`).join(', ');

const clockText = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
