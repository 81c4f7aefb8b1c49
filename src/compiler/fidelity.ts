import { formatBound, formatDuration } from '../support/duration.js';
import type { EffectiveHost } from './effective-host.js';
import type { Setting } from './plan.js';
import { ELEVATED_HOLD_NS } from './reservations/server-terms.js';

export type Fidelity = Setting['fidelity'];

const TEN_SECONDS_NS = 10_000_000_000;

/**
 * A server's longest gap and whether its promise is hard. Linux enforces budgets at scheduler ticks unless HRTICK_DL
 * is on: a budget is overrun by less than a tick, and up to ⌈tick/Q⌉ periods pass at once to make that good. The gap is
 * longest where that happens twice running: 2⌈tick/Q⌉(P − Q) + tick (docs/analysis.md, "Ticks").
 * `lateNs`: how late budgets may be because of other servers.
 */
export function reservationFidelity(
  budgetNs: bigint,
  periodNs: bigint,
  host: EffectiveHost,
  lateNs: bigint,
): Fidelity {
  const { tickNs } = host;
  const precise = host.facts.hrtickDeadline;
  const periods = precise ? 1n : (tickNs + budgetNs - 1n) / budgetNs;
  const gap = 2n * periods * (periodNs - budgetNs) + (precise ? 0n : tickNs);
  const coarse = !precise && budgetNs < 2n * tickNs;
  const notes: string[] = [];
  if (coarse)
    notes.push(`budgets are enforced at ticks of ${formatDuration(tickNs)}, and this one is below two`);
  if (lateNs > 0n) {
    const cause = host.facts.cgroup.cpuset
      ? 'others on its core may overrun theirs until a tick'
      : 'threads cannot be placed on cores';
    notes.push(`${cause}: a budget may be ${formatBound(lateNs)} late`);
  }
  return {
    kind: coarse || lateNs > 0n ? 'bounded' : 'hard',
    worstGapNs: Number(gap + lateNs),
    rateError: precise ? overTenSeconds(periodNs) : reservedRateError(budgetNs, periodNs, tickNs),
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
  };
}

/** In ten seconds a budget more or less, and what the server may have run ahead: ⌊tick/Q⌋Q + tick. */
const reservedRateError = (budgetNs: bigint, periodNs: bigint, tickNs: bigint): number =>
  ((Number(budgetNs) + Number((tickNs / budgetNs) * budgetNs + tickNs)) * Number(periodNs)) /
  Number(budgetNs) /
  TEN_SECONDS_NS;

/** `fixed`: the windows are at the same place in every period. `precise`: the timing thread has a server. */
export function dutyFidelity(
  runNs: bigint,
  periodNs: bigint,
  { fixed, precise }: { readonly fixed: boolean; readonly precise: boolean },
): Fidelity {
  // A pause is one signal, which nothing has to be punctual for.
  if (runNs === 0n) return { kind: 'bounded', worstGapNs: null, rateError: 0 };
  const stopped = periodNs - runNs;
  return {
    kind: precise ? 'bounded' : 'best-effort',
    worstGapNs: Number(fixed ? stopped : 2n * stopped),
    rateError: overTenSeconds(periodNs),
    ...(precise
      ? {}
      : { note: 'the thread that stops and continues guests has no reservation: it may be late' }),
  };
}

/**
 * Of a duty cycle in whose times a guest has real-time priority: the kernel holds threads of that priority for a twentieth of
 * a second when they take the rest of it. `beside`: reservations of others go before it.
 */
export const elevatedFidelity = ({ worstGapNs, rateError, note }: Fidelity, beside: boolean): Fidelity => {
  const own = 'in its times it has real-time priority, and the kernel may hold it for 50ms of a second';
  const others = beside ? ['reservations of others go before it'] : [];
  return {
    kind: beside || note !== undefined ? 'best-effort' : 'bounded',
    worstGapNs: (worstGapNs ?? 0) + Number(ELEVATED_HOLD_NS),
    rateError,
    note: [own, ...others, ...(note === undefined ? [] : [note])].join('; '),
  };
};

/** `vcpus` running at once use a quota up soonest; null: unknown. */
export function quotaFidelity(quotaNs: bigint, periodNs: bigint, vcpus: bigint | null): Fidelity {
  const rest = vcpus === null || vcpus === 0n ? periodNs : periodNs - quotaNs / vcpus;
  return {
    kind: 'bounded',
    worstGapNs: Number(rest > 0n ? rest : 0n),
    rateError: overTenSeconds(periodNs),
  };
}

/** Weights bound no gap, and their rate holds under contention only. */
export function shareFidelity(relativeError: number, note: string | null): Fidelity {
  const rateError = Number(relativeError.toPrecision(6));
  return { kind: 'best-effort', worstGapNs: null, rateError, ...(note === null ? {} : { note }) };
}

/** One period more or less in ten seconds. */
const overTenSeconds = (periodNs: bigint): number => Number(periodNs) / TEN_SECONDS_NS;
