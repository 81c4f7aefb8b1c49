import type { ElasticCeiling, Sentence } from '../../lang/model.js';
import type { Rational } from '../../support/rational.js';
import type { Demands } from '../demands/demands.js';
import type { EffectiveHost } from '../effective-host.js';
import type { HostMechanism } from '../facts.js';
import type { ActiveSentence } from '../modes/situation.js';
import type { Population } from '../population.js';

/** Where an elastic ceiling lies: at one value when its signal is known, else anywhere between its ends. In cores. */
export interface CoresBetween {
  readonly least: Rational;
  readonly most: Rational;
}

/** All that an answer about a subject rests on: what is in force, on which host, for which guests. */
export interface Circumstances {
  readonly host: EffectiveHost;
  /** Its classes have as many guests as the answer is about: those declared, or those that a test gives. */
  readonly population: Population;
  readonly active: readonly ActiveSentence[];
  readonly mechanisms: ReadonlyMap<Sentence, HostMechanism>;
  /** What `combine` makes of what is in force, by class. */
  readonly demands: Pick<Demands, 'reservations' | 'duties' | 'yields' | 'placements' | 'shares' | 'stops'>;
  readonly elastic: (ceiling: ElasticCeiling) => CoresBetween;
  /** Cores that weights prove to subjects which a `share` in force names, while everything wants CPU; by key. */
  readonly proved: ReadonlyMap<string, Rational>;
}
