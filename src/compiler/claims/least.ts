import type { Sentence } from '../../lang/model.js';
import {
  add,
  compare,
  divide,
  min,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../support/rational.js';
import { rateOf } from '../reservations/reservation-form.js';
import { subjectKey } from '../subject-key.js';
import type { Circumstances } from './circumstances.js';
import { foundOnce } from './found-once.js';
import { type Amount, mostOfClasses, mostOfGuest, withinBound } from './most.js';
import { distinctReasons, type Reason, reasonOf } from './reason.js';
import { amountOf, coresIn, type Resource, resourceText } from './resource.js';

/** What is promised, and by which sentences. */
interface Promised {
  readonly value: Rational;
  readonly reasons: readonly Reason[];
}

/** A floor of the sum of some classes. */
interface SumFloor extends Promised {
  readonly classes: readonly string[];
}

const NOTHING: Promised = { value: ZERO, reasons: [] };

/**
 * The least that a subject's guests are promised together, whenever all of them are there and want it: reservations
 * and guarantees of its disjoint parts added up, where of a guarantee to more than them counts what is left when everyone
 * else in there takes the most it can; of CPU also what a `share` is proved to give while everything wants CPU.
 */
export function leastOfSum(key: string, resource: Resource, circumstances: Circumstances): Amount {
  const classes = circumstances.population.membersOf(key);
  const floors = sumFloors(resource, circumstances).flatMap((floor) =>
    leftOf(floor, classes, resource, circumstances),
  );
  const promised = packed(classes, floors, resource, circumstances);
  const best = larger(promised, proved(key, resource, circumstances));
  return restricted(best, mostOfClasses(classes, resource, circumstances, 'least'));
}

/**
 * The least that each single guest of a class is promised. Of the CPU that is promised to all of them they have equal
 * parts, which is the default; of memory and rates nobody says how they are divided.
 */
export function leastOfGuest(classKey: string, resource: Resource, circumstances: Circumstances): Amount {
  const { population } = circumstances;
  const guests = population.classes.get(classKey)?.maxGuests ?? 0;
  const single = perGuest(classKey, resource, circumstances);
  const divides = resource === 'cpu' || guests === 1;
  const sum = guests > 0 && divides ? leastOfSum(classKey, resource, circumstances) : null;
  const equal: Promised =
    sum?.value && guests > 0
      ? { value: divide(sum.value, rational(BigInt(guests))), reasons: sum.reasons }
      : NOTHING;
  return restricted(larger(single, equal), mostOfGuest(classKey, resource, circumstances, 'least'));
}

const larger = (a: Promised, b: Promised): Promised => (compare(b.value, a.value) > 0 ? b : a);

/** A promise is kept within the restrictions in force: where they leave less, it is that, and they are why. */
function restricted(promise: Promised, bound: Amount): Amount {
  const value = withinBound(promise.value, bound);
  const reasons =
    compare(value, promise.value) < 0 ? [...promise.reasons, ...bound.reasons] : promise.reasons;
  return { value, reasons: distinctReasons(reasons) };
}

const sumFloors = (resource: Resource, circumstances: Circumstances): readonly SumFloor[] =>
  sumFloorsIn(circumstances, resource);

const sumFloorsIn = foundOnce(findSumFloors, (resource: Resource) => resource);

function findSumFloors(circumstances: Circumstances, resource: Resource): readonly SumFloor[] {
  const { population, host } = circumstances;
  return guaranteesIn(circumstances, resource).flatMap((sentence) => {
    const stated = amountOf(sentence.amounts, resource, host);
    if (sentence.each || stated === null) return [];
    const classes = population.membersOf(subjectKey(sentence.subject));
    const value = usable(stated, classes, resource, circumstances);
    const role = `guarantees the sum ${resourceText({ resource, value: stated }, host)}`;
    return [{ classes, value, reasons: [reasonOf(sentence, role)] }];
  });
}

type Guarantee = Extract<Sentence, { kind: 'guarantee' }>;

const guaranteesIn = foundOnce(findGuarantees, (resource: Resource) => resource);

function findGuarantees({ active, mechanisms }: Circumstances, resource: Resource): readonly Guarantee[] {
  return active.flatMap(({ sentence, certain }) => {
    const kept = resource !== 'cpu' || mechanisms.has(sentence);
    return sentence.kind === 'guarantee' && certain && kept ? [sentence] : [];
  });
}

/** Nobody can be given more CPU than it has vCPUs. */
function usable(
  value: Rational,
  classes: readonly string[],
  resource: Resource,
  { population }: Circumstances,
): Rational {
  if (resource !== 'cpu') return value;
  let vcpus = 0n;
  for (const key of classes) {
    const declared = population.classes.get(key);
    if (!declared) return value;
    vcpus += BigInt(declared.maxGuests) * BigInt(declared.vcpus);
  }
  return min(value, rational(vcpus));
}

/** Disjoint classes, and what they are promised together. */
type Component = SumFloor;

/**
 * The most that floors within some classes add up to, counting nobody twice: from the smallest floors to the largest, each
 * either promises more than its parts do together, or nothing beyond them. Floors that cross others are left out.
 */
function packed(
  classes: readonly string[],
  floors: readonly SumFloor[],
  resource: Resource,
  circumstances: Circumstances,
): Promised {
  let components: readonly Component[] = classes.map((key) => ({
    classes: [key],
    ...ofClass(key, resource, circumstances),
  }));
  for (const floor of [...floors].sort((a, b) => a.classes.length - b.classes.length)) {
    const members = new Set(floor.classes);
    const parts = components.filter((part) => part.classes.some((key) => members.has(key)));
    if (!parts.every((part) => part.classes.every((key) => members.has(key)))) continue;
    const together = larger(parts.reduce(plus, NOTHING), floor);
    const rest = components.filter((part) => !parts.includes(part));
    components = [...rest, { ...together, classes: floor.classes }];
  }
  return components.reduce(plus, NOTHING);
}

const plus = (a: Promised, b: Promised): Promised => ({
  value: add(a.value, b.value),
  reasons: [...a.reasons, ...b.reasons],
});

/** What is promised to the guests of a class one by one, all of them together. */
function ofClass(key: string, resource: Resource, circumstances: Circumstances): Promised {
  const guests = circumstances.population.classes.get(key)?.maxGuests ?? 0;
  const { value, reasons } = perGuest(key, resource, circumstances);
  return guests === 0 ? NOTHING : { value: multiply(value, rational(BigInt(guests))), reasons };
}

function perGuest(key: string, resource: Resource, circumstances: Circumstances): Promised {
  const { population, host, demands } = circumstances;
  const declared = population.classes.get(key);
  if (!declared) return NOTHING;
  const guarantees = guaranteesIn(circumstances, resource).flatMap((sentence): Promised[] => {
    const stated = amountOf(sentence.amounts, resource, host);
    const speaks = sentence.each && population.membersOf(subjectKey(sentence.subject)).includes(key);
    if (stated === null || !speaks) return [];
    const value = resource === 'cpu' ? min(stated, rational(BigInt(declared.vcpus))) : stated;
    const role = `guarantees each guest ${resourceText({ resource, value: stated }, host)}`;
    return [{ value, reasons: [reasonOf(sentence, role)] }];
  });
  const reservation = resource === 'cpu' ? demands.reservations.get(key) : undefined;
  if (!reservation) return guarantees.reduce(larger, NOTHING);
  const rate = rateOf(reservation);
  const role = `reserves each guest ${coresIn(rate)}`;
  const reserved = { value: rate, reasons: reservation.sentences.map((one) => reasonOf(one, role)) };
  return [reserved, ...guarantees].reduce(larger, NOTHING);
}

/** Of a floor what some classes have of it for certain: what is left when the others in it take the most that they can. */
function leftOf(
  floor: SumFloor,
  classes: readonly string[],
  resource: Resource,
  circumstances: Circumstances,
): readonly SumFloor[] {
  const inside = floor.classes.filter((key) => classes.includes(key));
  if (inside.length === 0 || inside.length === floor.classes.length)
    return inside.length === 0 ? [] : [floor];
  const strangers = floor.classes.filter((key) => !classes.includes(key));
  const theirs = mostOfClasses(strangers, resource, circumstances);
  if (theirs.value === null || compare(theirs.value, floor.value) >= 0) return [];
  const left = subtract(floor.value, theirs.value);
  const value = usable(left, inside, resource, circumstances);
  return [{ classes: inside, value, reasons: [...floor.reasons, ...theirs.reasons] }];
}

/** What weights are proved to give while every sibling wants CPU: the sentences are those that name the subject. */
function proved(key: string, resource: Resource, circumstances: Circumstances): Promised {
  const { demands, population } = circumstances;
  const part = resource === 'cpu' ? circumstances.proved.get(key) : undefined;
  if (part === undefined) return NOTHING;
  const role = `gives it ${coresIn(part)} while everything wants CPU`;
  const reasons = demands.shares.flatMap(({ sentence, parts }) =>
    parts.some((one) => one.key === key) ? [reasonOf(sentence, role)] : [],
  );
  return { value: usable(part, population.membersOf(key), resource, circumstances), reasons };
}
