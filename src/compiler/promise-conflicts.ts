import type { Sentence } from '../lang/model.js';
import { add, compare, min, multiply, type Rational, rational, ZERO } from '../support/rational.js';
import { conflicts, feasibility, hostLimits } from './catalogue.js';
import type { CombineContext } from './combine-context.js';
import { coresText } from './cpu-amount.js';
import { cycleText, serversText, shownIn } from './demand-text.js';
import type { Bound, Demands, DutyDemand } from './demands.js';
import { pointAt } from './findings.js';
import { atLowerEnds } from './lower-ends.js';
import { checkMemory } from './memory-conflicts.js';
import type { Nest } from './nest.js';
import { isUniform, rateOf } from './reservation-form.js';
import type { Situation } from './situation.js';
import { subjectKey } from './subject-key.js';

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
  const restrictions: Sentence[] = [];
  const reachable = achievable(key, check, restrictions);
  if (reachable === null || compare(wanted, reachable) <= 0) return;
  reportFloor(key, floor, restrictions, `restrictions leave it ${coresText(reachable)}`, check);
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

/** The most that restrictions let a subject have, and which they are; null: nothing bounds it. */
function achievable(key: string, check: Check, restrictions: Sentence[]): Rational | null {
  const within = check.population.classes.has(key)
    ? achievableByClass(key, check, restrictions)
    : achievableByParts(key, check, restrictions);
  const ceiling = check.demands.sumCeilings.get(key);
  if (!ceiling) return within;
  restrictions.push(...ceiling.sentences);
  return within === null ? ceiling.cores : min(within, ceiling.cores);
}

function achievableByParts(key: string, check: Check, restrictions: Sentence[]): Rational | null {
  const parts = check.nest.childrenOf.get(key);
  if (!parts) return null;
  let total: Rational | null = ZERO;
  for (const part of parts) {
    const one = achievable(part, check, restrictions);
    total = total === null || one === null ? null : add(total, one);
  }
  return total;
}

function achievableByClass(key: string, check: Check, restrictions: Sentence[]): Rational | null {
  const { population, demands } = check;
  const declared = population.classes.get(key);
  if (!declared) return null;
  const reservation = demands.reservations.get(key);
  if (reservation) {
    // Exactly that, and no more.
    restrictions.push(...reservation.sentences);
    return multiply(guestRate(key, check), rational(BigInt(declared.maxGuests)));
  }
  const ended = demands.yields.get(key) ?? demands.stops.get(key)?.sentences;
  if (ended) {
    restrictions.push(...ended);
    return ZERO;
  }
  let perGuest = rational(BigInt(declared.vcpus));
  const duty = demands.duties.get(key);
  if (duty) {
    perGuest = multiply(perGuest, rational(duty.runNs, duty.periodNs));
    restrictions.push(...duty.sentences);
  }
  const each = demands.eachCeilings.get(key);
  if (each) {
    perGuest = min(perGuest, each.cores);
    restrictions.push(...each.sentences);
  }
  const together = multiply(perGuest, rational(BigInt(declared.maxGuests)));
  const placement = demands.placements.get(key);
  const cores = rational(BigInt(placement?.cores.length ?? 0));
  if (!placement || compare(cores, together) >= 0) return together;
  restrictions.push(...placement.sentences);
  return cores;
}

/** What reservations and guarantees in a subject come to, at least. */
function promisedIn(key: string, check: Check, promises: Sentence[]): Rational {
  const { demands, population, nest } = check;
  const reservation = demands.reservations.get(key);
  if (reservation) {
    promises.push(...reservation.sentences);
    const guests = BigInt(population.classes.get(key)?.maxGuests ?? 0);
    return multiply(guestRate(key, check), rational(guests));
  }
  const inner: Sentence[] = [];
  let total = ZERO;
  for (const part of nest.childrenOf.get(key) ?? []) total = add(total, promisedIn(part, check, inner));
  const floor = demands.floors.get(key);
  const usable = vcpusIn(key, check);
  const own = floor ? (usable === null ? floor.cores : min(floor.cores, usable)) : ZERO;
  if (floor && compare(own, total) > 0) {
    promises.push(...floor.sentences);
    return own;
  }
  promises.push(...inner);
  return total;
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
