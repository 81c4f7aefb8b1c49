import type { Plan, Schedule, Setting } from '../compiler/plan.js';
import { isDuty } from './plan-index.js';

/**
 * What is safe for the owner whatever the conditions mean: every restriction that any mode knows, each at its strictest,
 * and no promise. Whoever has a duty cycle in some mode is paused: several cycles have no common strictest one. For a
 * combination of conditions that the plan has no mode for, which the compiler should have made impossible.
 */
export function strictestSchedule(plan: Plan): Schedule {
  const strictest = new Map<string, Setting>();
  for (const setting of plan.schedules.flatMap((schedule) => schedule.settings)) {
    const candidate = isDuty(setting) ? { ...setting, runNs: 0 } : setting;
    const kind = isDuty(setting) ? 'duty' : setting.mechanism;
    const key = `${kind} ${setting.subject} ${setting.class} ${setting.scope}`;
    const before = strictest.get(key);
    if (size(candidate) < (before === undefined ? Number.POSITIVE_INFINITY : size(before))) {
      strictest.set(key, candidate);
    }
  }
  return { id: 'strictest', settings: [...strictest.values()], servers: [], timetable: null };
}

/** How much a setting allows, among settings of its kind on the same subject; infinite for what is no restriction. */
function size(setting: Setting): number {
  switch (setting.mechanism) {
    case 'share':
      return setting.weight;
    case 'quota':
      return setting.elastic?.fromCores ?? setting.ceilingCores;
    case 'duty':
    case 'freezer':
      return 0;
    case 'memory':
      return setting.ceilingBytes ?? Number.POSITIVE_INFINITY;
    case 'disk':
      return setting.bytesPerSecond ?? setting.iops ?? Number.POSITIVE_INFINITY;
    case 'network':
      return setting.bytesPerSecond;
    case 'reservation':
    case 'placement':
    case 'stop':
      return Number.POSITIVE_INFINITY;
  }
}
