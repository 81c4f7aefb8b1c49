import type { Sentence } from '../../lang/model.js';
import { compare, min, type Rational, rational, ZERO } from '../../support/rational.js';
import { conflicts } from '../catalogue.js';
import { coresText } from '../cpu-amount.js';
import { shownIn } from '../demand-text.js';
import { pointAt } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import type { CombineContext } from './combine-context.js';
import type { Bound, Demands } from './demands.js';

type Stopping = Pick<Demands, 'duties' | 'stops'>;

/**
 * Floors less what is paused or stopped by exception. A pause under a condition that the guarantee does not stand under
 * is an exception that the owner makes (`guarantee build 1 core`, `when host.on-battery { pause build }`): it suspends the
 * promise, with a warning. Without a condition of its own it contradicts the promise, and the floor stays to be found broken.
 */
export function lessSuspended(
  floors: ReadonlyMap<string, Bound>,
  stopping: Stopping,
  situation: Situation,
  context: CombineContext,
): ReadonlyMap<string, Bound> {
  if (stopping.duties.size === 0 && stopping.stops.size === 0) return floors;
  const left = new Map<string, Bound>();
  for (const [key, floor] of floors) {
    const { cores, causes } = remaining(key, floor, stopping, context);
    if (causes.length > 0) report(key, floor, cores, causes, situation, context);
    if (compare(cores, ZERO) > 0) left.set(key, { ...floor, cores });
  }
  return left;
}

/** What the classes that are not paused can use of a floor, and what pauses the others. */
function remaining(
  key: string,
  floor: Bound,
  stopping: Stopping,
  { population }: CombineContext,
): { readonly cores: Rational; readonly causes: readonly Sentence[] } {
  let usable = 0;
  const causes: Sentence[] = [];
  for (const member of population.membersOf(key)) {
    const declared = population.classes.get(member);
    const exceptions = exceptionsFrom(floor, pausing(member, stopping));
    if (exceptions.length > 0) causes.push(...exceptions);
    else usable += (declared?.maxGuests ?? 0) * (declared?.vcpus ?? 0);
  }
  const cores = causes.length === 0 ? floor.cores : min(floor.cores, rational(BigInt(usable)));
  return { cores, causes: compare(cores, floor.cores) < 0 ? causes : [] };
}

function pausing(member: string, { duties, stops }: Stopping): readonly Sentence[] {
  const duty = duties.get(member);
  const pauses = duty?.runNs === 0n ? duty.sentences : [];
  return [...pauses, ...(stops.get(member)?.sentences ?? [])];
}

/** None when one of them stands under no more conditions than the promise. */
function exceptionsFrom({ sentences }: Bound, pauses: readonly Sentence[]): readonly Sentence[] {
  const promised = new Set(sentences.flatMap(({ guards }) => guards.map(guardKey)));
  const hasOwnGuard = ({ guards }: Sentence) => guards.some((guard) => !promised.has(guardKey(guard)));
  return pauses.every(hasOwnGuard) ? pauses : [];
}

const guardKey = ({ expected, place }: Sentence['guards'][number]): string =>
  `${place.file}:${place.range.start.offset}:${expected}`;

function report(
  key: string,
  floor: Bound,
  left: Rational,
  causes: readonly Sentence[],
  situation: Situation,
  { findings }: CombineContext,
): void {
  const { place, related } = pointAt([...floor.sentences, ...causes], ({ kind, text }) =>
    kind === 'guarantee' ? `the guarantee: ${text}` : `what suspends it: ${text}`,
  );
  const parameters = { subject: key, promised: coresText(floor.cores), left: coresText(left) };
  findings.add(conflicts.suspendedGuarantee.at(place, { ...parameters, ...shownIn(situation) }, { related }));
}
