import type { Plan, Setting } from '../compiler/plan.js';
import type { AccountBook } from './account/account-book.js';
import type { Applied } from './applied.js';
import { type BudgetLedger, holdersOf } from './budgets/budget-ledger.js';
import type { ClassifiedGuest } from './classify.js';
import type { Instant } from './conditions/atom.js';
import { atomText } from './conditions/atom-text.js';
import type { ConditionStates } from './conditions/condition-states.js';
import { expiryOf, isOn, type Switches } from './conditions/switches.js';
import type { DesiredGuest } from './decide/desired.js';
import { pathKey } from './group-path.js';
import type { Action, Knob, ObservedGuest } from './host.js';
import { isDuty, type PlanIndex } from './plan-index.js';
import type {
  AtomStatus,
  BudgetStatus,
  ConditionStatus,
  Control,
  GuestStatus,
  SwitchStatus,
} from './status.js';
import { summarise } from './summarise.js';

/** Wall-clock time of an instant of monotonic time, as the clocks stand now. */
const wallOf = (atNs: bigint, now: Instant): number => now.wallMs + Number(atNs - now.nowNs) / 1e6;

export function conditionStatuses(plan: Plan, states: ConditionStates): ConditionStatus[] {
  return plan.conditions.flatMap(({ id, text }) => {
    const state = states.conditions.get(id);
    return state ? [{ id, text, value: state.value, sinceMs: state.since.wallMs }] : [];
  });
}

export function atomStatuses(plan: Plan, states: ConditionStates, now: Instant): AtomStatus[] {
  return plan.atoms.flatMap((atom) => {
    const state = states.atoms.get(atom.id);
    if (state === undefined) return [];
    const { value, since, sample, changesAtNs, changesAtMs } = state;
    return [
      {
        id: atom.id,
        text: atomText(atom),
        value,
        sinceMs: since.wallMs,
        sample,
        changesAtMs: changesAtNs === null ? changesAtMs : wallOf(changesAtNs, now),
      },
    ];
  });
}

/** How much is left of each budget; where every guest has its own, of each that is there. */
export function budgetStatuses(
  index: PlanIndex,
  applied: Applied | null,
  ledger: BudgetLedger,
  nowMs: number,
): BudgetStatus[] {
  const { plan } = index;
  return plan.budgets.flatMap((budget) => {
    return holdersOf(index, budget, applied?.classified ?? []).map((holder) => {
      const { usedNs, spent, untilMs } = ledger.reading(plan, budget, holder, nowMs);
      return { id: budget.id, holder, allowedNs: budget.workNs, usedNs, spent, untilMs };
    });
  });
}

export function switchStatuses(plan: Plan, switches: Switches, now: Instant): SwitchStatus[] {
  return plan.switches.map((name) => {
    const untilNs = expiryOf(switches, name, now.nowNs);
    return {
      name,
      on: isOn(switches, name, now.nowNs),
      untilMs: untilNs === null ? null : wallOf(untilNs, now),
    };
  });
}

/** Every guest of the last observation, with what acts on it and what came of it. */
export function guestStatuses(index: PlanIndex, applied: Applied, book: AccountBook): GuestStatus[] {
  const observed = new Map(applied.observation.guests.map((one) => [one.guest.key, one]));
  return applied.classified.flatMap((one) => {
    const seen = observed.get(one.guest.key);
    return seen ? [guestStatus(index, applied, book, one, seen)] : [];
  });
}

function guestStatus(
  index: PlanIndex,
  applied: Applied,
  book: AccountBook,
  one: ClassifiedGuest,
  seen: ObservedGuest,
): GuestStatus {
  const { key, pid, name, user, vcpus } = one.guest;
  return {
    key,
    pid,
    name,
    user,
    class: one.class,
    member: one.class === null ? null : one.member,
    vcpus: vcpus.length,
    state: seen.heldByUs ? 'held' : seen.guest.stopped ? 'stopped-by-user' : 'running',
    group: seen.group === null ? null : pathKey(seen.group),
    cpuCores10s: book.cpuCores10s(key),
    controls: applied.mode.schedule.settings
      .filter((setting) => index.appliesTo(setting, one.class))
      .map((setting) => controlOf(applied, book, one, setting)),
  };
}

const controlOf = (applied: Applied, book: AccountBook, one: ClassifiedGuest, setting: Setting): Control => ({
  setting,
  summary: summarise(setting),
  inForce: isInForce(applied, one.guest.key, setting),
  measure: book.measure(one.guest.key, setting),
});

/** A control is in force when something was asked for, and nothing that concerns it remains to be done. */
export function isInForce(
  { desired, outstanding, observation }: Applied,
  key: string,
  setting: Setting,
): boolean {
  const wanted = desired.guests.get(key);
  if (wanted === undefined) return false;
  const released = outstanding.some((action) => action.kind === 'release' && action.guest === key);
  if (released) return false;
  if (isDuty(setting)) {
    const entry = desired.timetable?.entries.find(({ guest }) => guest === key);
    if (entry === undefined || outstanding.some(({ kind }) => kind === 'set-timetable')) return false;
    // Without a window there is no time in which it could have priority.
    const isElevated = setting.elevated === true && entry.windows.length > 0;
    return !isElevated || hasKnob(wanted, outstanding, 'priority');
  }
  switch (setting.mechanism) {
    case 'reservation': {
      const open = outstanding.some((action) => action.kind === 'reserve' && action.guest === key);
      return wanted.servers.length > 0 && !open;
    }
    case 'share':
    case 'quota':
      return (
        wanted.group !== null && !outstanding.some((action) => concerns(action, key, wanted.group ?? []))
      );
    case 'placement':
    case 'memory':
    case 'disk':
    case 'network': {
      const { mechanism } = setting;
      // What the guest has the means for in part only is not in force: a finding says how far it is.
      const isShort = observation.guests.some(
        ({ guest, lacks, notes }) =>
          guest.key === key && (lacks?.includes(mechanism) || notes?.some(({ knob }) => knob === mechanism)),
      );
      return hasKnob(wanted, outstanding, mechanism) && !isShort;
    }
    case 'stop':
      return !outstanding.some((action) => action.kind === 'power-down' && action.guest === key);
  }
}

/** Whether a knob is to be set on the guest, and is. */
const hasKnob = ({ key, settings }: DesiredGuest, outstanding: readonly Action[], knob: Knob): boolean =>
  settings?.some((one) => one.knob === knob) === true &&
  !outstanding.some(
    (action) => action.kind === 'set-knob' && action.guest === key && action.setting.knob === knob,
  );

/** Whether an action still to be done touches the guest's place in the tree, or a group above it. */
function concerns(action: Action, key: string, leaf: readonly string[]): boolean {
  if (action.kind === 'gather') return action.guest === key;
  if (action.kind !== 'create-group' && action.kind !== 'set-weight' && action.kind !== 'set-quota')
    return false;
  return action.path.every((component, at) => leaf[at] === component);
}
