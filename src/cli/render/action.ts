import type { Action, GuestSetting } from '../../enforce/index.js';
import { formatDuration } from '../../support/duration.js';
import { count } from './count.js';

/** An action of the enforcer, as one line for people. */
export function describeAction(action: Action): string {
  switch (action.kind) {
    case 'create-group':
      return `create the cgroup ${path(action.path)}`;
    case 'remove-group':
      return `remove the cgroup ${path(action.path)}`;
    case 'set-weight':
      return `set the weight of ${path(action.path)} to ${action.weight}`;
    case 'set-quota':
      return action.quota === null
        ? `lift the quota of ${path(action.path)}`
        : `limit ${path(action.path)} to ${every(action.quota.quotaNs, action.quota.periodNs)}`;
    case 'gather':
      return `move guest ${action.guest} to ${path(action.path)}`;
    case 'reserve':
      return `reserve ${every(action.budgetNs, action.periodNs)} for thread ${action.tid} of guest ${action.guest}${
        action.core === null ? '' : ` on core ${action.core}`
      }`;
    case 'unreserve':
      return `end the reservation of thread ${action.tid} of guest ${action.guest}`;
    case 'set-timetable':
      return `run a timetable of ${formatDuration(action.timetable.hyperperiodNs)} for ${count(action.timetable.entries.length, 'guest')}`;
    case 'set-knob':
      return `set the ${describeSetting(action.setting)} of guest ${action.guest}`;
    case 'unset-knob':
      return `give back the ${action.knob} of guest ${action.guest}`;
    case 'power-down':
      return `ask guest ${action.guest} to power down`;
    case 'end-guest':
      return `end guest ${action.guest}, which has not powered down`;
    case 'forget-power-down':
      return `let guest ${action.guest} go on`;
    case 'release':
      return `release guest ${action.guest}`;
  }
}

const path = (parts: readonly string[]) => ['vmc.slice', ...parts].join('/');

const every = (budgetNs: bigint, periodNs: bigint) =>
  `${formatDuration(budgetNs)} every ${formatDuration(periodNs)}`;

function describeSetting(setting: GuestSetting): string {
  const { knob, ...amounts } = setting;
  const parts = Object.entries(amounts).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${typeof value === 'object' ? JSON.stringify(value, numbers) : value}`],
  );
  return `${knob} (${parts.join(', ')})`;
}

const numbers = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
