import type { Sentence } from '../../lang/model.js';
import { add, compare, min, multiply, type Rational, rational, ZERO } from '../../support/rational.js';
import { conflicts, feasibility, hostLimits } from '../catalogue.js';
import { coresText } from '../cpu-amount.js';
import { cycleText, serversText, shownIn } from '../demand-text.js';
import { pointAt } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import type { Nest } from '../nest.js';
import { isUniform, rateOf } from '../reservations/reservation-form.js';
import { atLowerEnds } from '../shares/lower-ends.js';
import { subjectKey } from '../subject-key.js';
import type { CombineContext } from './combine-context.js';
import type { Bound, Demands, DutyDemand } from './demands.js';
import { checkMemory } from './memory-conflicts.js';

export interface Check extends CombineContext {
  readonly demands: Demands;
  readonly nest: Nest;
  readonly situation: Situation;
}

/** Reports every reservation or guarantee that a restriction in force at the same time breaks. */
export function checkPromises(given: Check): void {
  const check = { ...given, demands: atLowerEnds(given.demands) };
  const contradicted = checkExclusive(check);
  for (const key of check.demands.reservations.keys()) checkReservation(key, check);
  for (const [key, floor] of check.demands.floors) {
    if (!contradicted.has(key)) checkFloor(key, floor, check);
  }
  for (const [key, ceiling] of check.demands.sumCeilings) checkCeiling(key, ceiling, check);
  checkMemory(check);
}

/** A reservation is exact: a share or guarantee of CPU on the same subject contradicts it. Gives these subjects. */
function checkExclusive({ demands, situation, findings }: Check): ReadonlySet<string> {
  const contradicted = new Set<string>();
  const reservedBy = new Map<string, readonly Sentence[]>();
  for (const [key, { sentences }] of demands.reservations) {
    reservedBy.set(key, sentences);
    for (const one of sentences) if (one.kind === 'reserve') reservedBy.set(subjectKey(one.subject), [one]);
  }
  for (const { sentence } of situation.active) {
    const keys = subjectsDividing(sentence);
    for (const key of keys) {
      const reserving = reservedBy.get(key);
      if (!reserving) continue;
      contradicted.add(key);
      const { place, related } = pointAt(
        [...reserving, sentence],
        ({ kind }) => `the ${kind === 'reserve' ? 'reservation' : kind}`,
      );
      findings.add(
        conflicts.reservedAndShared.at(
          place,
          {
            subject: key,
            other: sentence.kind === 'guarantee' ? 'guarantee' : 'share',
            ...shownIn(situation),
          },
          { related },
        ),
      );
    }
  }
  return contradicted;
}

/** Subjects to which a sentence gives a share or a guarantee of CPU; an equal division speaks of parts as it finds them. */
function subjectsDividing(sentence: Sentence): readonly string[] {
  if (sentence.kind === 'share') return sentence.parts.map(({ subject }) => subjectKey(subject));
  return sentence.kind === 'guarantee' && sentence.amounts.cpu ? [subjectKey(sentence.subject)] : [];
}

function checkReservation(key: string, check: Check): void {
  const { demands } = check;
  const duty = demands.duties.get(key);
  if (duty) reportReservation(key, duty.sentences, dutyText(duty), check);
  const yielding = demands.yields.get(key);
  if (yielding) reportReservation(key, yielding, 'it is to yield to everything else', check);
  const stop = demands.stops.get(key);
  if (stop) reportReservation(key, stop.sentences, 'it is to be stopped', check);
  checkPlaceable(key, check);
  const each = demands.eachCeilings.get(key);
  if (each && compare(guestRate(key, check), each.cores) > 0) {
    reportReservation(
      key,
      each.sentences,
      `each of its guests is limited to ${coresText(each.cores)}`,
      check,
    );
  }
}

/** The kernel takes reservations of threads that may run on all cores of a cpuset only. */
function checkPlaceable(key: string, { demands, host, situation, findings }: Check): void {
  const [placement, reservation] = [demands.placements.get(key), demands.reservations.get(key)];
  if (!placement || !reservation || host.facts.cgroup.cpuset) return;
  const { place, related } = pointAt([...reservation.sentences, ...placement.sentences], ({ kind, text }) =>
    kind === 'reserve' ? `the reservation: ${text}` : `the placement: ${text}`,
  );
  findings.add(hostLimits.unplaceable.at(place, { subject: key, ...shownIn(situation) }, { related }));
}

function reportReservation(
  key: string,
  restrictions: readonly Sentence[],
  restricted: string,
  { demands, findings, situation, population }: Check,
): void {
  const reservation = demands.reservations.get(key);
  const vcpus = population.classes.get(key)?.vcpus ?? 1;
  if (!reservation) return;
  const { place, related } = pointAt(
    [...reservation.sentences, ...restrictions],
    ({ kind, text }) => `${kind === 'reserve' ? 'the reservation' : 'the restriction'}: ${text}`,
  );
  const cycle = serversText(reservation);
  const promised =
    vcpus === 1 || !isUniform(reservation.vcpus) ? cycle : `${cycle} on each of ${vcpus} vCPUs`;
  findings.add(
    conflicts.brokenReservation.at(
      place,
      { subject: key, promised, restricted, ...shownIn(situation) },
      { related },
    ),
  );
}

/** A floor is broken from within: by limits, duty cycles and (exact) reservations of the subject and of what is in it. */
function checkFloor(key: string, floor: Bound, check: Check): void {
  const usable = vcpusIn(key, check);
  if (usable !== null && compare(floor.cores, usable) > 0) {
    // INVARIANT: every bound stems from a sentence.
    check.findings.add(
      feasibility.guaranteeBeyondVcpus.at(floor.sentences[0]!.place, {
        subject: key,
        promised: coresText(floor.cores),
        usable: coresText(usable),
      }),
    );
  }
  const wanted = usable === null ? floor.cores : min(floor.cores, usable);
  const reach = achievable(key, check);
  if (reach === null || compare(wanted, reach.cores) <= 0) return;
  reportFloor(key, floor, reach.sentences, `restrictions leave it ${coresText(reach.cores)}`, check);
}

/** A ceiling breaks what is promised within it when it is less than the sum of that. */
function checkCeiling(key: string, ceiling: Bound, check: Check): void {
  const promises: Sentence[] = [];
  const promised = promisedIn(key, check, promises);
  if (compare(promised, ceiling.cores) <= 0 || promises.length === 0) return;
  const { place, related } = pointAt([...promises, ...ceiling.sentences], ({ kind, text }) =>
    kind === 'limit' ? `the limit: ${text}` : `a promise: ${text}`,
  );
  const reservedOnly = promises.every(({ kind }) => kind === 'reserve');
  const report = reservedOnly ? conflicts.brokenReservation : conflicts.brokenGuarantee;
  check.findings.add(
    report.at(
      place,
      {
        subject: key,
        promised: `${coresText(promised)} in all`,
        restricted: `it is limited to ${coresText(ceiling.cores)}`,
        ...shownIn(check.situation),
      },
      { related },
    ),
  );
}

function reportFloor(
  key: string,
  floor: Bound,
  restrictions: readonly Sentence[],
  restricted: string,
  { findings, situation }: Check,
): void {
  const { place, related } = pointAt([...floor.sentences, ...restrictions], ({ kind, text }) =>
    kind === 'guarantee' ? `the guarantee: ${text}` : `a restriction: ${text}`,
  );
  findings.add(
    conflicts.brokenGuarantee.at(
      place,
      { subject: key, promised: coresText(floor.cores), restricted, ...shownIn(situation) },
      { related },
    ),
  );
}

/** The most that restrictions let a subject have, and those of them that decide it; null: nothing bounds it. */
interface Reach {
  readonly cores: Rational;
  readonly sentences: readonly Sentence[];
}

function achievable(key: string, check: Check): Reach | null {
  const within = check.population.classes.has(key)
    ? achievableByClass(key, check)
    : key === 'others'
      ? achievableByOthers(check)
      : achievableByParts(key, check);
  return lesser(within, check.demands.sumCeilings.get(key));
}

const lesser = (reach: Reach | null, bound: Reach | undefined): Reach | null =>
  bound !== undefined && (reach === null || compare(bound.cores, reach.cores) < 0) ? bound : reach;

/** Nothing bounds guests that nobody can count, but what stops them all: at times they count as one with a vCPU. */
function achievableByOthers({ demands }: Check): Reach | null {
  const ended = demands.yields.get('others') ?? demands.stops.get('others')?.sentences;
  if (ended) return { cores: ZERO, sentences: ended };
  const duty = demands.duties.get('others');
  return duty ? { cores: rational(duty.runNs, duty.periodNs), sentences: duty.sentences } : null;
}

function achievableByParts(key: string, check: Check): Reach | null {
  const parts = check.nest.childrenOf.get(key);
  if (!parts) return null;
  let total: Reach | null = { cores: ZERO, sentences: [] };
  for (const part of parts) {
    const one = achievable(part, check);
    if (one === null) return null;
    total = { cores: add(total.cores, one.cores), sentences: [...total.sentences, ...one.sentences] };
  }
  return total;
}

function achievableByClass(key: string, check: Check): Reach | null {
  const { population, demands } = check;
  const declared = population.classes.get(key);
  if (!declared) return null;
  const guests = rational(BigInt(declared.maxGuests));
  const reservation = demands.reservations.get(key);
  // Exactly that, and no more.
  if (reservation) {
    return { cores: multiply(guestRate(key, check), guests), sentences: reservation.sentences };
  }
  const ended = demands.yields.get(key) ?? demands.stops.get(key)?.sentences;
  if (ended) return { cores: ZERO, sentences: ended };
  const perGuest = guestReach(key, declared.vcpus, check);
  const together = { cores: multiply(perGuest.cores, guests), sentences: perGuest.sentences };
  const placement = demands.placements.get(key);
  if (!placement) return together;
  const placed = { cores: rational(BigInt(placement.cores.length)), sentences: placement.sentences };
  return lesser(together, placed);
}

function guestReach(key: string, vcpus: number, { demands }: Check): Reach {
  let reach: Reach = { cores: rational(BigInt(vcpus)), sentences: [] };
  const duty = demands.duties.get(key);
  if (duty) {
    const cores = multiply(reach.cores, rational(duty.runNs, duty.periodNs));
    reach = { cores, sentences: duty.sentences };
  }
  return lesser(reach, demands.eachCeilings.get(key)) ?? reach;
}

/** What reservations and guarantees in a subject come to, at least. */
function promisedIn(key: string, check: Check, promises: Sentence[]): Rational {
  const { demands, population, nest } = check;
  const reservation = demands.reservations.get(key);
  if (reservation) {
    for (const one of reservation.sentences) promises.push(one);
    const guests = BigInt(population.classes.get(key)?.maxGuests ?? 0);
    return multiply(guestRate(key, check), rational(guests));
  }
  const inner: Sentence[] = [];
  let total = ZERO;
  for (const part of nest.childrenOf.get(key) ?? []) total = add(total, promisedIn(part, check, inner));
  const floor = demands.floors.get(key);
  const usable = floor ? vcpusIn(key, check) : null;
  const own = floor ? (usable === null ? floor.cores : min(floor.cores, usable)) : ZERO;
  const decides = floor && compare(own, total) > 0;
  // Not spread into arguments: there may be more of them than a call takes.
  for (const one of decides ? floor.sentences : inner) promises.push(one);
  return decides ? own : total;
}

/** Cores that one guest of a class has reserved on all its vCPUs. */
function guestRate(key: string, { demands }: Check): Rational {
  const reservation = demands.reservations.get(key);
  return reservation ? rateOf(reservation) : ZERO;
}

/** All vCPUs of all guests in a subject; null where they are not counted. */
export function vcpusIn(key: string, { population }: Pick<CombineContext, 'population'>): Rational | null {
  let total = 0;
  for (const member of population.membersOf(key)) {
    const declared = population.classes.get(member);
    if (!declared) return null;
    total += declared.maxGuests * declared.vcpus;
  }
  return rational(BigInt(total));
}

function dutyText(duty: DutyDemand): string {
  return duty.runNs === 0n ? 'it is paused' : `it is to run only ${cycleText(duty.runNs, duty.periodNs)}`;
}
