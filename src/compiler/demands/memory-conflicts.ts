import type { Sentence } from '../../lang/model.js';
import { add, compare, max, multiply, type Rational, rational, ZERO } from '../../support/rational.js';
import { conflicts, feasibility } from '../catalogue.js';
import { shownIn } from '../demand-text.js';
import { pointAt } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import type { Nest } from '../nest.js';
import { NO_RELAXATIONS } from '../relaxation/relaxation-text.js';
import { sizeText } from '../render/render-text.js';
import { withKept } from './amount-settings.js';
import type { CombineContext } from './combine-context.js';
import type { AmountBound, Demands } from './demands.js';

interface Check extends CombineContext {
  readonly demands: Demands;
  readonly nest: Nest;
  readonly situation: Situation;
}

/** Memory is promised like this: all floors together, and what is kept, fit into the host; none is above a ceiling. */
export function checkMemory(check: Check): void {
  const { demands, host } = check;
  const memory = rational(BigInt(host.facts.memoryBytes));
  for (const key of new Set([...demands.memoryFloors.sum.keys(), ...demands.memoryFloors.each.keys()])) {
    checkUsable(key, check);
  }
  const promises: Sentence[] = [];
  const kept = demands.memoryKept?.amount ?? ZERO;
  const promised = promisedIn('guests', check, promises);
  if (promises.length > 0 && compare(add(promised, kept), memory) > 0) {
    reportTooMuch(promised, promises, memory, check);
    return;
  }
  for (const [key, ceiling] of withKept(demands, memory).sum) checkCeiling(key, ceiling, check);
  for (const [key, floor] of demands.memoryFloors.sum) {
    const reach = reachOf(key, check);
    if (reach && compare(floor.amount, reach.amount) > 0) {
      reportBroken(key, floor.sentences, floor.amount, reach, check);
    }
  }
  for (const [key, ceiling] of demands.memoryCeilings.each) {
    const floor = demands.memoryFloors.each.get(key);
    if (floor && compare(floor.amount, ceiling.amount) > 0) {
      reportBroken(key, floor.sentences, floor.amount, ceiling, check);
    }
  }
}

/** What limits on each guest leave all guests of a subject together; null where some guest has none. */
function reachOf(key: string, check: Check): AmountBound | null {
  const { population, demands } = check;
  const sentences: Sentence[] = [];
  let total = ZERO;
  for (const member of population.membersOf(key)) {
    const declared = population.classes.get(member);
    // A class of one guest has its limit as that of its sum.
    const single = declared?.maxGuests === 1 ? demands.memoryCeilings.sum.get(member) : undefined;
    const limit = demands.memoryCeilings.each.get(member) ?? single;
    if (!declared || !limit) return null;
    total = add(total, multiply(limit.amount, rational(BigInt(declared.maxGuests))));
    sentences.push(...limit.sentences);
  }
  return { amount: total, sentences: [...new Set(sentences)] };
}

/** A guest has no use for more than the memory it is declared with. */
function checkUsable(key: string, check: Check): void {
  const sentences: Sentence[] = [];
  const floor = ownFloor(key, check, sentences);
  const usable = declaredIn(key, check);
  const [first] = sentences;
  if (usable === null || first === undefined || compare(floor, usable) <= 0) return;
  check.findings.add(
    feasibility.guaranteeBeyondMemory.at(first.place, {
      subject: key,
      promised: sizeText(floor),
      usable: sizeText(usable),
    }),
  );
}

/** A ceiling on a sum breaks what is promised within it when it is less than the sum of that. */
function checkCeiling(key: string, ceiling: AmountBound, check: Check): void {
  const promises: Sentence[] = [];
  const promised = promisedIn(key, check, promises);
  if (promises.length > 0 && compare(promised, ceiling.amount) > 0) {
    reportBroken(key, promises, promised, ceiling, check);
  }
}

/** What is promised in a subject, at least. */
function promisedIn(key: string, check: Check, promises: Sentence[]): Rational {
  const inner: Sentence[] = [];
  let total = ZERO;
  for (const part of check.nest.childrenOf.get(key) ?? []) total = add(total, promisedIn(part, check, inner));
  const outer: Sentence[] = [];
  const own = ownFloor(key, check, outer);
  // Not spread into arguments: there may be more of them than a call takes.
  for (const one of compare(own, total) > 0 ? outer : inner) promises.push(one);
  return max(own, total);
}

/** Of all guests of a subject together: what is promised to their sum, or to each of them. */
function ownFloor(key: string, { demands, population }: Check, sentences: Sentence[]): Rational {
  const sum = demands.memoryFloors.sum.get(key);
  const each = demands.memoryFloors.each.get(key);
  const guests = rational(BigInt(population.classes.get(key)?.maxGuests ?? 1));
  const ofAll = each ? multiply(each.amount, guests) : ZERO;
  const [larger, amount] = sum && compare(sum.amount, ofAll) >= 0 ? [sum, sum.amount] : [each, ofAll];
  for (const one of larger?.sentences ?? []) sentences.push(one);
  return amount;
}

/** Null where some guest is not declared with its memory. */
function declaredIn(key: string, { population }: Check): Rational | null {
  let total = 0n;
  for (const member of population.membersOf(key)) {
    const declared = population.classes.get(member);
    if (!declared || declared.memoryBytes === null) return null;
    total += declared.memoryBytes * BigInt(declared.maxGuests);
  }
  return rational(total);
}

function reportTooMuch(
  promised: Rational,
  promises: readonly Sentence[],
  memory: Rational,
  { demands, situation, findings }: Check,
): void {
  const { memoryKept } = demands;
  const { place, related } = pointAt(
    [...promises, ...(memoryKept?.sentences ?? [])],
    ({ text }) => `takes part: ${text}`,
  );
  const terms = [`${sizeText(promised)} of memory guaranteed`];
  if (memoryKept) terms.push(`${sizeText(memoryKept.amount)} kept for the owner`);
  const arithmetic = `${terms.join(', ')}, on ${sizeText(memory)}`;
  findings.add(
    feasibility.guaranteesDoNotFit.at(
      place,
      { arithmetic, ...NO_RELAXATIONS, ...shownIn(situation) },
      { related },
    ),
  );
}

function reportBroken(
  subject: string,
  promises: readonly Sentence[],
  promised: Rational,
  ceiling: AmountBound,
  { situation, findings }: Check,
): void {
  const { place, related } = pointAt([...promises, ...ceiling.sentences], ({ kind, text }) =>
    kind === 'guarantee' ? `a promise: ${text}` : `the limit: ${text}`,
  );
  findings.add(
    conflicts.brokenGuarantee.at(
      place,
      {
        subject,
        promised: `${sizeText(promised)} of memory`,
        restricted: `it is limited to ${sizeText(ceiling.amount)}`,
        ...shownIn(situation),
      },
      { related },
    ),
  );
}
