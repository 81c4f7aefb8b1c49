import type { CpuAmount, Model, ReservationForm } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { formatRational, multiply, type Rational, rational } from '../../support/rational.js';
import { coresOf } from '../cpu-amount.js';
import type { EffectiveHost } from '../effective-host.js';
import { LEAST_BUDGET_NS, LONGEST_PERIOD_NS } from '../reservations/server-terms.js';
import type { Outcome } from '../situation-plan.js';
import { largest, smallest } from './boundary.js';
import { likelyCores, likelyPlaced } from './likely.js';
import type { AdmissionRequest } from './request.js';
import { guaranteedCpus, inCores, reservedForms, type Variable, withGuests } from './request-variants.js';

/** What would be admitted in place of what was asked for; the number is the best there is. */
export interface CounterOffer {
  /** Which number of the request is another; all others are as asked. */
  readonly changes: 'budget' | 'period' | 'window' | 'guarantee' | 'guests';
  /** As a request says it: "reserve 12ms every 100ms". */
  readonly text: string;
  /** Nanoseconds, cores or guests. */
  readonly value: number;
}

/** What counter-offers are sought with. */
export interface Seeking {
  readonly host: EffectiveHost;
  /** Whether a request would be admitted with this model in place of its own. */
  readonly admits: (model: Model) => boolean;
  /** What came of planning the request as it is. */
  readonly outcomes: readonly Outcome[];
  /** The class that it is about. */
  readonly key: string;
}

const STEP_NS = 1000n;
/** Guarantees are offered in hundredths of a core. */
const CORES_STEP = rational(1n, 100n);

/**
 * The largest budget (or guarantee), the shortest period (or window), and the largest number of guests that would be
 * admitted, each with all else as asked, in whole microseconds, hundredths of a core, or guests: one step more would not be.
 */
export function counterOffers(
  { model, guests }: AdmissionRequest,
  seeking: Seeking,
): readonly CounterOffer[] {
  return [
    ...reservedForms(model).flatMap((one) => [...budgetOffers(one, seeking), ...timeOffers(one, seeking)]),
    ...guaranteedCpus(model).flatMap((one) => guaranteeOffers(one, seeking)),
    ...guestOffers(model, guests, seeking),
  ];
}

function budgetOffers(reserved: Variable<ReservationForm>, seeking: Seeking): readonly CounterOffer[] {
  const { now: form } = reserved;
  if (form.kind === 'tasks') return [];
  const at = (steps: bigint): ReservationForm => ({ ...form, budgetNs: steps * STEP_NS });
  const range = { least: BigInt(LEAST_BUDGET_NS) / STEP_NS, most: (form.budgetNs - 1n) / STEP_NS };
  const found = sought(largest, range, (steps) => reserved.with(at(steps)), seeking);
  if (found === null) return [];
  return [{ changes: 'budget', text: formText(at(found)), value: Number(found * STEP_NS) }];
}

function timeOffers(reserved: Variable<ReservationForm>, seeking: Seeking): readonly CounterOffer[] {
  const { now: form } = reserved;
  if (form.kind === 'tasks') return [];
  const every = form.kind === 'every';
  const asked = every ? form.periodNs : form.windowNs;
  const at = (steps: bigint): ReservationForm =>
    every ? { ...form, periodNs: steps * STEP_NS } : { ...form, windowNs: steps * STEP_NS };
  const range = { least: asked / STEP_NS + 1n, most: BigInt(LONGEST_PERIOD_NS) / STEP_NS };
  const found = sought(smallest, range, (steps) => reserved.with(at(steps)), seeking);
  if (found === null) return [];
  const changes = every ? 'period' : 'window';
  return [{ changes, text: formText(at(found)), value: Number(found * STEP_NS) }];
}

/** By planning, from where servers are likely to find room. */
function sought(
  search: typeof largest,
  range: { readonly least: bigint; readonly most: bigint },
  variant: (steps: bigint) => Model,
  { admits, outcomes, key, host }: Seeking,
): bigint | null {
  const isLikely = likelyPlaced(outcomes, key, host);
  const guess = search({ ...range, holds: (steps) => isLikely(variant(steps)) });
  const holds = (steps: bigint) => admits(variant(steps));
  return search(guess === null ? { ...range, holds } : { ...range, holds, guess });
}

function formText(form: ReservationForm): string {
  switch (form.kind) {
    case 'every':
      return `reserve ${formatDuration(form.budgetNs)} every ${formatDuration(form.periodNs)}`;
    case 'in-any':
      return `reserve ${formatDuration(form.budgetNs)} in any ${formatDuration(form.windowNs)}`;
    case 'tasks':
      return 'reserve for its tasks';
  }
}

function guaranteeOffers(
  { now, with: variant }: Variable<CpuAmount>,
  { host, admits, outcomes }: Seeking,
): readonly CounterOffer[] {
  const at = (steps: bigint): Rational => multiply(CORES_STEP, rational(steps));
  const stepsOf = ({ num, den }: Rational) => (num * CORES_STEP.den) / (den * CORES_STEP.num);
  const { num, den } = coresOf(now, host);
  const most = (num * CORES_STEP.den - 1n) / (den * CORES_STEP.num);
  const guess = stepsOf(likelyCores(outcomes, now, host));
  const holds = (steps: bigint) => admits(variant(inCores(at(steps))));
  const found = largest({ least: 1n, most, holds, guess });
  if (found === null) return [];
  const text = `guarantee ${formatRational(at(found))} ${found === 100n ? 'core' : 'cores'}`;
  return [{ changes: 'guarantee', text, value: Number(found) / 100 }];
}

function guestOffers(model: Model, guests: number, { admits }: Seeking): readonly CounterOffer[] {
  const holds = (count: bigint) => admits(withGuests(model, Number(count)));
  const found = largest({ least: 1n, most: BigInt(guests) - 1n, holds, guess: BigInt(guests) / 2n });
  if (found === null) return [];
  const value = Number(found);
  return [{ changes: 'guests', text: `${value} ${value === 1 ? 'vm' : 'vms'} as asked for`, value }];
}
