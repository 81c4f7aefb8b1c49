import cron, { type ScheduledTask } from 'node-cron';
import type { Calendar, Plan } from '../../compiler/plan.js';

/** Wakes the enforcer when a calendar may have changed. Waking once too often costs one idle step, never a mistake. */
export interface Alarm {
  start(calendars: readonly Calendar[], zone: string, wake: () => void): void;
  /** Undoes `start`; twice is safe. */
  stop(): void;
}

/** The alarm by node-cron: entries compiled from the calendars, in the policy's zone. */
export class CronAlarm implements Alarm {
  readonly #tasks: ScheduledTask[] = [];

  start(calendars: readonly Calendar[], zone: string, wake: () => void): void {
    this.stop();
    for (const entry of new Set(calendars.flatMap(cronEntries))) {
      this.#tasks.push(cron.schedule(entry, wake, { timezone: zone }));
    }
  }

  stop(): void {
    for (const task of this.#tasks.splice(0)) void task.destroy();
  }
}

export const calendarsOf = (plan: Plan): readonly Calendar[] =>
  plan.atoms.flatMap((atom) => (atom.kind === 'calendar' ? [atom.calendar] : []));

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
const MINUTES_PER_DAY = 1440;
const MS_PER_DAY = 86_400_000;

/**
 * Cron entries (minute hour day month weekday) that fire at every wall-clock time at which the calendar can change.
 * Windows of date ranges fire on every day: the days outside are the idle steps that make it simple.
 */
export function cronEntries(calendar: Calendar): readonly string[] {
  switch (calendar.kind) {
    case 'except':
      return [...cronEntries(calendar.base), ...cronEntries(calendar.removed)];
    case 'days': {
      const windows = calendar.windows.length > 0 ? calendar.windows : [{ startMinute: 0, endMinute: 1440 }];
      return windows.flatMap(({ startMinute, endMinute }) =>
        [startMinute, endMinute > startMinute ? endMinute : endMinute + MINUTES_PER_DAY].map(
          (minute) =>
            `${clock(minute)} * * ${calendar.weekdays.map((day) => weekday(day, minute)).join(',')}`,
        ),
      );
    }
    case 'dates': {
      const edges = calendar.ranges.flatMap(({ first, last }) => [midnight(first, 0), midnight(last, 1)]);
      const windows = calendar.windows.flatMap(({ startMinute, endMinute }) => [startMinute, endMinute]);
      return [...edges, ...windows.map((minute) => `${clock(minute)} * * *`)];
    }
  }
}

const clock = (minute: number): string => `${minute % 60} ${Math.floor(minute / 60) % 24}`;

/** The day on which the minute falls, counted from a window's own day. */
const weekday = (day: (typeof DAYS)[number], minute: number): number =>
  (DAYS.indexOf(day) + Math.floor(minute / MINUTES_PER_DAY)) % 7;

function midnight(date: string, daysLater: number): string {
  const day = new Date(Date.parse(`${date}T00:00:00Z`) + daysLater * MS_PER_DAY);
  return `0 0 ${day.getUTCDate()} ${day.getUTCMonth() + 1} *`;
}
