import type { Model, ReservationForm } from '../../lang/model.js';
import { formatDuration } from '../../support/duration.js';
import { formatRational, multiply, type Rational, rational } from '../../support/rational.js';
import { coresOf } from '../cpu-amount.js';
import type { EffectiveHost } from '../effective-host.js';
import { LEAST_BUDGET_NS, LONGEST_PERIOD_NS } from '../server-terms.js';
import { type AdmissionRequest, reservedForm, withForm, withGuarantee, withGuests } from './request.js';

/** What would be admitted in place of what was asked for; the number is the best there is. */
export interface CounterOffer {
  /** Which number of the request is another; all others are as asked. */
  readonly changes: 'budget' | 'period' | 'window' | 'guarantee' | 'guests';
  /** As a request says it: "reserve 12ms every 100ms". */
  readonly text: string;
  /** Nanoseconds, cores or guests. */
  readonly value: number;
}

/** Whether a request would be admitted with this model in place of its own. */
type Admits = (model: Model) => boolean;

const STEP_NS = 1000n;
/** Guarantees are offered in hundredths of a core. */
const CORES_STEP = rational(1n, 100n);

/**
 * The largest budget (or guarantee), the shortest period (or window), and the largest number of guests that would be
 * admitted, each with all else as asked: by bisection over whole microseconds, hundredths of a core, or guests.
 */
export function counterOffers(
  { model, guests }: AdmissionRequest,
  host: EffectiveHost,
  admits: Admits,
): readonly CounterOffer[] {
  const form = reservedForm(model);
  return [
    ...(form && form.kind !== 'tasks' ? formOffers(model, form, admits) : []),
    ...guaranteeOffers(model, host, admits),
    ...guestOffers(model, guests, admits),
  ];
}

function formOffers(
  model: Model,
  form: Exclude<ReservationForm, { kind: 'tasks' }>,
  admits: Admits,
): readonly CounterOffer[] {
  const offers: CounterOffer[] = [];
  const admitsForm = (one: ReservationForm) => admits(withForm(model, one));
  const withBudget = (steps: bigint) => ({ ...form, budgetNs: steps * STEP_NS });
  const budget = largest(BigInt(LEAST_BUDGET_NS) / STEP_NS, (form.budgetNs - 1n) / STEP_NS, (steps) =>
    admitsForm(withBudget(steps)),
  );
  if (budget !== null) {
    const value = Number(budget * STEP_NS);
    offers.push({ changes: 'budget', text: formText(withBudget(budget)), value });
  }
  const every = form.kind === 'every';
  const asked = every ? form.periodNs : form.windowNs;
  const withTime = (steps: bigint): ReservationForm =>
    every ? { ...form, periodNs: steps * STEP_NS } : { ...form, windowNs: steps * STEP_NS };
  const time = smallest(asked / STEP_NS + 1n, BigInt(LONGEST_PERIOD_NS) / STEP_NS, (steps) =>
    admitsForm(withTime(steps)),
  );
  if (time !== null) {
    const changes = every ? 'period' : 'window';
    offers.push({ changes, text: formText(withTime(time)), value: Number(time * STEP_NS) });
  }
  return offers;
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

function guaranteeOffers(model: Model, host: EffectiveHost, admits: Admits): readonly CounterOffer[] {
  const now = guaranteeOf(model, host);
  if (now === null) return [];
  const at = (steps: bigint): Rational => multiply(CORES_STEP, rational(steps));
  const most = (now.num * CORES_STEP.den - 1n) / (now.den * CORES_STEP.num);
  const found = largest(1n, most, (steps) => admits(withGuarantee(model, at(steps))));
  if (found === null) return [];
  const text = `guarantee ${formatRational(at(found))} ${found === 100n ? 'core' : 'cores'}`;
  return [{ changes: 'guarantee', text, value: Number(found) / 100 }];
}

function guaranteeOf({ sentences }: Model, host: EffectiveHost): Rational | null {
  for (const one of sentences) {
    const cpu =
      one.kind === 'guarantee' ? one.amounts.cpu : one.kind === 'offer' ? one.guarantee?.cpu : undefined;
    if (cpu) return coresOf(cpu, host);
  }
  return null;
}

function guestOffers(model: Model, guests: number, admits: Admits): readonly CounterOffer[] {
  const found = largest(1n, BigInt(guests) - 1n, (count) => admits(withGuests(model, Number(count))));
  if (found === null) return [];
  const value = Number(found);
  return [{ changes: 'guests', text: `${value} ${value === 1 ? 'vm' : 'vms'} as asked for`, value }];
}

/** The largest number that holds, where it holds of all smaller ones; null: of none. */
function largest(least: bigint, most: bigint, holds: (value: bigint) => boolean): bigint | null {
  if (most < least || !holds(least)) return null;
  let [low, high] = [least, most + 1n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}

/** The smallest number that holds, where it holds of all larger ones; null: of none. */
function smallest(least: bigint, most: bigint, holds: (value: bigint) => boolean): bigint | null {
  const mirrored = largest(0n, most - least, (value) => holds(most - value));
  return mirrored === null ? null : most - mirrored;
}
