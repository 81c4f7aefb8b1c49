import { compare, multiply, type Rational, rational } from '../../support/rational.js';
import { type ClassCeiling, eachCeilings, sumCeilings } from '../claims/ceilings-in-force.js';
import type { Circumstances } from '../claims/circumstances.js';
import { guestBounds } from '../claims/guest-bound.js';
import { type Amount, mostOfGuest, mostOfSum } from '../claims/most.js';
import type { Reason } from '../claims/reason.js';
import { coresIn, resourceText } from '../claims/resource.js';
import { cycleText } from '../demand-text.js';
import { rateOf } from '../reservations/reservation-form.js';
import { inOrder, ofReason } from './contribution.js';
import { meansOf } from './means.js';
import type { Contribution, Point } from './point.js';
import { isAround, meet } from './subjects-around.js';
import { idOf, type View } from './view.js';

/** The most CPU that a subject can get, and what bounds it. */
export function mostPoint(view: View): Point {
  const { key, circumstances } = view;
  const sum = mostOfSum(key, 'cpu', circumstances);
  const lowest = mostOfSum(key, 'cpu', circumstances, 'least');
  const guest = guestAmount(view);
  const deciding = [...sum.reasons, ...(guest?.reasons ?? [])];
  return {
    topic: 'most',
    says: [sumText(sum, lowest, view), ...(guest ? [guestText(guest, view)] : [])].join(', '),
    from: contributions(deciding, view),
    ...arithmetic(sum, view),
    means: view.schedule.settings
      .filter((one) => keepsCeiling(one, deciding, view))
      .map((setting) => meansOf(setting, view)),
  };
}

function sumText({ value }: Amount, lowest: Amount, view: View): string {
  const { host } = view.circumstances;
  if (value === null) return 'as much CPU as it can';
  const text = `at most ${resourceText({ resource: 'cpu', value }, host)}`;
  const isLower = lowest.value !== null && compare(lowest.value, value) < 0;
  return isLower && followsSignal(view)
    ? `${text}, down to ${coresIn(lowest.value)} as the limit follows its signal`
    : text;
}

/** What is ended has no lower end: it has nothing then. */
const followsSignal = ({ key, demands, context }: View): boolean =>
  demands.elastics.some((one) => meet(one.key, key, context.population));

/** Of a class of several guests whose members are bounded by more than their vCPUs and the sum. */
function guestAmount({ key, circumstances }: View): Amount | null {
  const declared = circumstances.population.classes.get(key);
  if (!declared || declared.maxGuests < 2) return null;
  const bound = guestBounds([key], 'cpu', 'most', circumstances).get(key)?.value ?? null;
  const isBounded = bound !== null && compare(bound, rational(BigInt(declared.vcpus))) < 0;
  return isBounded ? mostOfGuest(key, 'cpu', circumstances) : null;
}

const guestText = ({ value }: Amount, { circumstances: { host } }: View): string =>
  value === null ? '' : `each guest at most ${resourceText({ resource: 'cpu', value }, host)}`;

/** More are told by their sum alone. */
const MOST_MEMBERS = 12;

function contributions(deciding: readonly Reason[], view: View): readonly Contribution[] {
  const { key, circumstances } = view;
  const { population, demands } = circumstances;
  const decides = new Set(deciding.map(({ place }) => idOf(place)));
  const members = population.membersOf(key);
  const sums = sumCeilings('cpu', 'most', circumstances)
    .filter(({ classes }) => classes.some((one) => members.includes(one)))
    .map(({ reason }) => reason);
  const each = eachCeilings('cpu', 'most', circumstances)
    .filter(({ classes }) => classes.some((one) => members.includes(one)))
    .map(({ reason }) => reason);
  // Of many members nobody reads what each of them is.
  const few = members.length <= MOST_MEMBERS ? members : [];
  const own = [...guestBounds(few, 'cpu', 'most', circumstances).values()].flatMap(({ reasons }) => reasons);
  const declared = few.flatMap((member) => declaration(member, circumstances));
  const placements = few.flatMap((member) =>
    (demands.placements.get(member)?.sentences ?? []).map(({ place }) => ({
      place,
      role: `places it on ${demands.placements.get(member)?.cores.length} cores`,
    })),
  );
  const others = [...sums, ...each, ...own, ...declared, ...placements].filter(
    ({ place }) => !decides.has(idOf(place)),
  );
  return inOrder([
    ...deciding.map((reason) => ofReason(reason, true, view)),
    ...others.map((reason) => ofReason(reason, false, view)),
  ]);
}

function declaration(key: string, { population }: Circumstances): readonly Reason[] {
  const declared = population.classes.get(key);
  if (!declared) return [];
  const { maxGuests, vcpus, place } = declared;
  const each = `${vcpus} ${vcpus === 1 ? 'vCPU' : 'vCPUs'}`;
  return [{ place, role: maxGuests === 1 ? `has ${each}` : `${maxGuests} guests with ${each} each` }];
}

/**
 * Of a class the bounds whose least it is; of several classes what they could have without a bound on their
 * sum.
 */
function arithmetic(sum: Amount, { key, circumstances }: View): Pick<Point, 'leastOf' | 'steps'> {
  const declared = circumstances.population.classes.get(key);
  if (sum.value === null) return { leastOf: [], steps: [] };
  if (!declared) return { leastOf: [], steps: ofMembers(key, sum.value, circumstances) };
  const bounds = [...classBounds(key, circumstances), ...outerBounds(key, circumstances)];
  return { leastOf: bounds.map(({ value, text }) => text ?? coresIn(value)), steps: [] };
}

interface CpuBound {
  readonly value: Rational;
  /** "6 guests × 1 vCPU = 6 cores"; null: it is stated as it is. */
  readonly text: string | null;
}

/** What the guests of a class come to, each bounded by itself. */
function classBounds(key: string, circumstances: Circumstances): readonly CpuBound[] {
  const { population, demands } = circumstances;
  const declared = population.classes.get(key);
  if (!declared) return [];
  const { maxGuests, vcpus } = declared;
  const guests = maxGuests === 1 ? '' : `${maxGuests} guests × `;
  const times = (value: Rational) => multiply(value, rational(BigInt(maxGuests)));
  const of = (value: Rational, text: string): CpuBound => {
    const total = coresIn(times(value));
    const isPlain = guests === '' && text.startsWith(total);
    return { value: times(value), text: isPlain ? text : `${guests}${text} = ${total}` };
  };
  const vcpuText = `${vcpus} ${vcpus === 1 ? 'vCPU' : 'vCPUs'}`;
  const duty = demands.duties.get(key);
  const reservation = demands.reservations.get(key);
  const each = ofClass(eachCeilings('cpu', 'most', circumstances), key);
  return [
    of(rational(BigInt(vcpus)), vcpuText),
    ...(duty
      ? [
          of(
            multiply(rational(BigInt(vcpus)), rational(duty.runNs, duty.periodNs)),
            `${vcpuText} × ${cycleText(duty.runNs, duty.periodNs).replace(' every ', '/')}`,
          ),
        ]
      : []),
    ...(reservation ? [of(rateOf(reservation), `${coresIn(rateOf(reservation))} reserved`)] : []),
    ...each.map(({ value }) => of(value, coresIn(value))),
  ];
}

const ofClass = (ceilings: readonly ClassCeiling[], key: string): readonly ClassCeiling[] =>
  ceilings.filter(({ classes }) => classes.includes(key));

function outerBounds(key: string, circumstances: Circumstances): readonly CpuBound[] {
  const { population, demands, host } = circumstances;
  const around = ofClass(sumCeilings('cpu', 'most', circumstances), key);
  const placed = demands.placements.get(key);
  return [
    ...around.map(({ classes, value }) => ({
      value,
      text: classes.length > 1 ? `${coresIn(value)} for ${groupName(classes, population)}` : null,
    })),
    ...(placed
      ? [
          {
            value: rational(BigInt(placed.cores.length)),
            text: `${placed.cores.length} cores to run on`,
          },
        ]
      : []),
    { value: rational(BigInt(host.coreCount)), text: `${host.coreCount} cores of the host` },
  ];
}

/** The name of a set of classes. */
function groupName(classes: readonly string[], { membersOf, unions }: Circumstances['population']): string {
  const same = (key: string) =>
    membersOf(key).length === classes.length && membersOf(key).every((one) => classes.includes(one));
  if (same('guests')) return 'all guests together';
  return `${[...unions.keys()].find(same) ?? classes.join(', ')} together`;
}

function ofMembers(key: string, sum: Rational, circumstances: Circumstances): readonly string[] {
  const { population } = circumstances;
  const members = population.membersOf(key);
  if (members.length < 2 || members.length > MOST_MEMBERS) return [];
  const each = members.flatMap((member) => {
    const { value } = mostOfSum(member, 'cpu', circumstances);
    return value === null || (member === 'others' && key === 'guests') ? [] : [`${member} ${coresIn(value)}`];
  });
  return [`by themselves: ${each.join(', ')}; together ${coresIn(sum)}`];
}

type Setting = View['schedule']['settings'][number];

/**
 * Quotas on it, those around it that bound it, and times to run that follow from a limit rather than from
 * `run`.
 */
function keepsCeiling(
  setting: Setting,
  deciding: readonly Reason[],
  { key, context, demands }: View,
): boolean {
  if (setting.mechanism === 'quota') {
    const binds = setting.because.some((one) => deciding.some(({ place }) => idOf(place) === idOf(one)));
    return setting.class === key || (binds && isAround(setting.class, key, context.population));
  }
  const stops = setting.mechanism === 'duty' || setting.mechanism === 'freezer';
  return stops && isAround(key, setting.class, context.population) && !demands.duties.has(setting.class);
}
