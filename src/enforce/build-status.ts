import type { Plan, Setting } from '../compiler/plan.js';
import type { AccountBook } from './account/account-book.js';
import type { Applied } from './applied.js';
import { type BudgetLedger, holdersOf } from './budgets/budget-ledger.js';
import type { ClassifiedGuest } from './classify.js';
import type { Instant } from './conditions/atom.js';
import { atomText } from './conditions/atom-text.js';
import type { ConditionStates } from './conditions/condition-states.js';
import { expiryOf, isOn, type Switches } from './conditions/switches.js';
import { pathKey } from './group-path.js';
import type { ObservedGuest } from './host.js';
import { isInForce } from './is-in-force.js';
import type { PlanIndex } from './plan-index.js';
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
