import type { Sentence } from '../../lang/model.js';
import { compare, max, type Rational, subtract, ZERO } from '../../support/rational.js';
import { wholeHost } from '../effective-host.js';
import { subjectKey } from '../subject-key.js';
import type { Circumstances } from './circumstances.js';
import { foundOnce } from './found-once.js';
import { type Reason, reasonOf } from './reason.js';
import { amountOf, type Resource, resourceText } from './resource.js';

/** A bound on some classes: on their sum, or on each of their guests. */
export interface ClassCeiling {
  /** Keys. */
  readonly classes: readonly string[];
  readonly value: Rational;
  readonly reason: Reason;
}

/** Of an elastic ceiling the end that is asked for: `most` to say what can be had, `least` what is promised. */
export type End = 'least' | 'most';

type Limit = Extract<Sentence, { kind: 'limit' }>;

/** Ceilings on sums of guests that are in force, whichever sentence sets them. */
export const sumCeilings = (
  resource: Resource,
  end: End,
  circumstances: Circumstances,
): readonly ClassCeiling[] => sumCeilingsIn(circumstances, resource, end);

/** A ceiling on each guest of some classes. */
export const eachCeilings = (
  resource: Resource,
  end: End,
  circumstances: Circumstances,
): readonly ClassCeiling[] => eachCeilingsIn(circumstances, resource, end);

const askedFor = (resource: Resource, end: End): string => `${resource} ${end}`;
const sumCeilingsIn = foundOnce(findSumCeilings, askedFor);
const eachCeilingsIn = foundOnce(findEachCeilings, askedFor);

function findSumCeilings(
  circumstances: Circumstances,
  resource: Resource,
  end: End,
): readonly ClassCeiling[] {
  const { population } = circumstances;
  return limitsOn(resource, end, circumstances).flatMap(({ sentence, value, certain }) => {
    if (sentence.kind === 'limit' && sentence.each) return [];
    const key = sentence.kind === 'limit' ? subjectKey(sentence.subject) : 'guests';
    const role = roleOf(sentence, { resource, value }, certain, circumstances);
    return [{ classes: population.membersOf(key), value, reason: reasonOf(sentence, role) }];
  });
}

function findEachCeilings(
  circumstances: Circumstances,
  resource: Resource,
  end: End,
): readonly ClassCeiling[] {
  const { population } = circumstances;
  return limitsOn(resource, end, circumstances).flatMap(({ sentence, value, certain }) => {
    if (sentence.kind !== 'limit' || !sentence.each) return [];
    const role = roleOf(sentence, { resource, value }, certain, circumstances);
    const classes = population.membersOf(subjectKey(sentence.subject));
    return [{ classes, value, reason: reasonOf(sentence, role) }];
  });
}

interface LimitInForce {
  readonly sentence: Limit | Extract<Sentence, { kind: 'keep' }>;
  readonly value: Rational;
  readonly certain: boolean;
}

function limitsOn(resource: Resource, end: End, circumstances: Circumstances): readonly LimitInForce[] {
  const { active, host, mechanisms } = circumstances;
  return active.flatMap(({ sentence, certain }): readonly LimitInForce[] => {
    // What no mechanism keeps on this host bounds nothing.
    if (resource === 'cpu' && !mechanisms.has(sentence)) return [];
    if (sentence.kind === 'limit') {
      const stated = amountOf(sentence.amounts, resource, host);
      const elastic = resource === 'cpu' ? sentence.elastic : null;
      const value = elastic === null ? stated : circumstances.elastic(elastic)[end];
      return value === null ? [] : [{ sentence, value, certain }];
    }
    // Kept by weights it is a floor of the owner's, and guests may use it while the owner does not.
    if (sentence.kind !== 'keep' || resource !== 'cpu' || mechanisms.get(sentence) === 'share') return [];
    const kept = amountOf(sentence.amounts, 'cpu', host);
    if (kept === null || compare(kept, ZERO) === 0) return [];
    return [{ sentence, value: max(subtract(wholeHost(host), kept), ZERO), certain }];
  });
}

function roleOf(
  sentence: LimitInForce['sentence'],
  asked: { readonly resource: Resource; readonly value: Rational },
  certain: boolean,
  { host }: Circumstances,
): string {
  const amount = resourceText(asked, host);
  const doubt = certain ? '' : ', for its condition is unknown';
  if (sentence.kind === 'keep') return `leaves all guests together ${amount}${doubt}`;
  const elastic = sentence.elastic !== null && asked.resource === 'cpu' ? ', as its signal goes' : '';
  return `limits ${sentence.each ? 'each guest' : 'the sum'} to ${amount}${elastic}${doubt}`;
}
