import type { Sentence } from '../../lang/model.js';
import { feasibility } from '../catalogue.js';
import type { EffectiveHost } from '../effective-host.js';
import type { HostMechanism } from '../facts.js';
import type { Findings } from '../findings.js';
import type { Population } from '../population.js';
import type { RefusedReservation } from '../reservations/interface-refusal.js';

/** All that combining needs besides the situation. */
export interface CombineContext {
  readonly host: EffectiveHost;
  readonly population: Population;
  /** Of sentences that need one; those that no mechanism can keep are absent, and reported. */
  readonly mechanisms: ReadonlyMap<Sentence, HostMechanism>;
  /** Conflicts are reported here; each once, for the first situation that shows it. */
  readonly findings: Findings;
  /** Nobody reads the findings but for whether there are errors: then no hints are looked for. */
  readonly isTrial?: boolean;
  /** Reservations that cannot be derived are noted here as well, for hints. */
  readonly refusedReservations?: RefusedReservation[] | undefined;
}

export type SentenceOf<K extends Sentence['kind']> = Extract<Sentence, { kind: K }>;

/** Reports, and answers, whether a promise is made to guests that nobody can count. */
export function reportUncounted(
  sentence: Sentence,
  key: string,
  { population, findings }: CombineContext,
): boolean {
  if (!population.membersOf(key).includes('others')) return false;
  findings.add(feasibility.uncounted.at(sentence.place, { subject: key }));
  return true;
}
