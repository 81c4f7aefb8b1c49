import type { GuestClass, Sentence } from '../../lang/model.js';
import { compare, multiply, type Rational, rational, ZERO } from '../../support/rational.js';
import { cycleText } from '../demand-text.js';
import type { DutyDemand } from '../demands/demands.js';
import { rateOf } from '../reservations/reservation-form.js';
import { type End, eachCeilings } from './ceilings-in-force.js';
import type { Circumstances } from './circumstances.js';
import { type Reason, reasonOf } from './reason.js';
import { coresIn, type Resource } from './resource.js';

/** The most that one guest of a class can have for itself. */
export interface GuestBound {
  /** Null: nothing bounds it. */
  readonly value: Rational | null;
  readonly reasons: readonly Reason[];
}

interface Candidate {
  readonly value: Rational;
  readonly reasons: readonly Reason[];
}

/**
 * Of CPU: its vCPUs, its part of a duty cycle, its reservation (which is exact), ceilings on each guest; of everything
 * else the ceilings alone. Where several come to the same, a sentence is named rather than the declaration. By class.
 */
export function guestBounds(
  keys: Iterable<string>,
  resource: Resource,
  end: End,
  circumstances: Circumstances,
): ReadonlyMap<string, GuestBound> {
  const bounds = new Map<string, GuestBound>();
  for (const key of keys) {
    const candidates = resource === 'cpu' ? cpuCandidates(key, end, circumstances) : [];
    bounds.set(key, candidates.reduce(lower, { value: null, reasons: [] }));
  }
  for (const { classes, value, reason } of eachCeilings(resource, end, circumstances)) {
    for (const key of classes) {
      const bound = bounds.get(key);
      if (bound) bounds.set(key, lower(bound, { value, reasons: [reason] }));
    }
  }
  return bounds;
}

const lower = (least: GuestBound, one: Candidate): GuestBound =>
  least.value === null || compare(one.value, least.value) <= 0 ? one : least;

function cpuCandidates(key: string, end: End, circumstances: Circumstances): readonly Candidate[] {
  const { population, demands } = circumstances;
  const declared = population.classes.get(key);
  const duty = demands.duties.get(key);
  const reservation = demands.reservations.get(key);
  const candidates: Candidate[] = [];
  if (declared) {
    const vcpus = rational(BigInt(declared.vcpus));
    candidates.push({ value: vcpus, reasons: [{ place: declared.place, role: vcpuText(declared) }] });
    if (duty) {
      candidates.push({
        value: multiply(vcpus, rational(duty.runNs, duty.periodNs)),
        reasons: dutyReasons(duty),
      });
    }
  } else if (duty?.runNs === 0n) candidates.push({ value: ZERO, reasons: dutyReasons(duty) });
  if (reservation) {
    candidates.push({
      value: rateOf(reservation),
      reasons: reservation.sentences.map((sentence) =>
        reasonOf(sentence, `gives each guest exactly ${coresIn(rateOf(reservation))}`),
      ),
    });
  }
  return end === 'least' ? [...candidates, ...stopping(key, circumstances)] : candidates;
}

/** What is ended can be promised nothing; but until it has ended, and when another comes, it may take what it can. */
function stopping(key: string, { demands }: Circumstances): readonly Candidate[] {
  const stop = demands.stops.get(key);
  if (!stop) return [];
  return [{ value: ZERO, reasons: stop.sentences.map((sentence) => reasonOf(sentence, 'ends it')) }];
}

const vcpuText = ({ maxGuests, vcpus }: GuestClass): string => {
  const each = `${vcpus} ${vcpus === 1 ? 'vCPU' : 'vCPUs'}`;
  return maxGuests === 1 ? `has ${each}` : `${maxGuests} guests with ${each} each`;
};

export const dutyReasons = (duty: DutyDemand): readonly Reason[] =>
  duty.sentences.map((sentence: Sentence) =>
    reasonOf(
      sentence,
      duty.runNs === 0n ? 'pauses it' : `lets it run ${cycleText(duty.runNs, duty.periodNs)}`,
    ),
  );
