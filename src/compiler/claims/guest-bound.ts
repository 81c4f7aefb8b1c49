import type { GuestClass, Sentence } from '../../lang/model.js';
import { compare, multiply, type Rational, rational, ZERO } from '../../support/rational.js';
import { cycleText } from '../demand-text.js';
import type { DutyDemand } from '../demands.js';
import { rateOf } from '../reservation-form.js';
import { type End, memberCeilings } from './ceilings-in-force.js';
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
 * else the ceilings alone. Where several come to the same, a sentence is named rather than the declaration.
 */
export function guestBound(
  key: string,
  resource: Resource,
  end: End,
  circumstances: Circumstances,
): GuestBound {
  const ceilings: readonly Candidate[] = memberCeilings(key, resource, end, circumstances).map(
    ({ value, reason }) => ({ value, reasons: [reason] }),
  );
  const candidates =
    resource === 'cpu'
      ? [
          ...cpuCandidates(key, circumstances),
          ...(end === 'least' ? stopping(key, circumstances) : []),
          ...ceilings,
        ]
      : ceilings;
  return candidates.reduce<GuestBound>(
    (least, one) =>
      least.value === null || compare(one.value, least.value) <= 0
        ? { value: one.value, reasons: one.reasons }
        : least,
    { value: null, reasons: [] },
  );
}

function cpuCandidates(key: string, { population, demands }: Circumstances): readonly Candidate[] {
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
  return candidates;
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
