import type { Setting } from '../compiler/plan.js';
import type { Applied } from './applied.js';
import type { Action, GuestSetting, Knob } from './host.js';
import { isDuty } from './plan-index.js';

/** A control is in force when something was asked for, and nothing that concerns it remains to be done. */
export function isInForce(applied: Applied, key: string, setting: Setting): boolean {
  const { desired, outstanding } = applied;
  const wanted = desired.guests.get(key);
  if (wanted === undefined) return false;
  const released = outstanding.some((action) => action.kind === 'release' && action.guest === key);
  if (released) return false;
  if (isDuty(setting)) {
    const entry = desired.timetable?.entries.find(({ guest }) => guest === key);
    if (entry === undefined || outstanding.some(({ kind }) => kind === 'set-timetable')) return false;
    // Without a window there is no time in which it could have priority.
    const isElevated = setting.elevated === true && entry.windows.length > 0;
    return !isElevated || hasKnob(applied, key, 'priority');
  }
  switch (setting.mechanism) {
    case 'reservation': {
      const open = outstanding.some((action) => action.kind === 'reserve' && action.guest === key);
      return wanted.servers.length > 0 && !open;
    }
    case 'share':
      if (setting.nice !== undefined) return isSet(applied, key, 'nice');
      if (wanted.group === null) {
        // Several guests' weight together is that of a group, and a guest that stays elsewhere is in none of ours.
        const isOfSeveral = setting.scope === 'sum' && ['guests', 'union'].includes(setting.subject);
        return !isOfSeveral && isSet(applied, key, 'own-group', ({ weight }) => weight !== null);
      }
      return isGrouped(outstanding, key, wanted.group);
    case 'quota':
      return wanted.group === null
        ? isSet(applied, key, 'own-group', ({ quota }) => quota !== null)
        : isGrouped(outstanding, key, wanted.group);
    case 'placement':
    case 'memory':
    case 'disk':
    case 'network':
      return isSet(applied, key, setting.mechanism);
    case 'stop':
      return !outstanding.some((action) => action.kind === 'power-down' && action.guest === key);
  }
}

type SettingOf<K extends Knob> = Extract<GuestSetting, { knob: K }>;

/** Whether a knob is to be set on the guest, to what `concerns` the control, and is. */
function hasKnob<K extends Knob>(
  { desired, outstanding }: Applied,
  key: string,
  knob: K,
  concerns: (setting: SettingOf<K>) => boolean = () => true,
): boolean {
  const isOfKnob = (one: GuestSetting): one is SettingOf<K> => one.knob === knob;
  const wanted = desired.guests.get(key)?.settings?.find(isOfKnob);
  const open = outstanding.some(
    (action) => action.kind === 'set-knob' && action.guest === key && action.setting.knob === knob,
  );
  return wanted !== undefined && concerns(wanted) && !open;
}

/** The same, in full: what the guest has the means for in part only is not in force, and a finding says how far it is. */
function isSet<K extends Knob>(
  applied: Applied,
  key: string,
  knob: K,
  concerns?: (setting: SettingOf<K>) => boolean,
): boolean {
  const isShort = applied.observation.guests.some(
    ({ guest, lacks, notes }) =>
      guest.key === key && (lacks?.includes(knob) || notes?.some((note) => note.knob === knob)),
  );
  return hasKnob(applied, key, knob, concerns) && !isShort;
}

const isGrouped = (outstanding: readonly Action[], key: string, leaf: readonly string[]): boolean =>
  !outstanding.some((action) => concernsGroup(action, key, leaf));

/** Whether an action still to be done touches the guest's place in the tree, or a group above it. */
function concernsGroup(action: Action, key: string, leaf: readonly string[]): boolean {
  if (action.kind === 'gather') return action.guest === key;
  if (action.kind !== 'create-group' && action.kind !== 'set-weight' && action.kind !== 'set-quota')
    return false;
  return action.path.every((component, at) => leaf[at] === component);
}
