import { compare } from '../../support/rational.js';
import { subjectKey } from '../subject-key.js';
import type { Circumstances } from './circumstances.js';
import type { Judgement, Statement } from './judgement.js';
import { leastOfGuest, leastOfSum } from './least.js';
import { type Amount, mostOfGuest, mostOfSum } from './most.js';
import { type Asked, resourceText } from './resource.js';
import { classesOf } from './state-of-subject.js';

/** `at most X` holds iff the most that it can provably get is no more than X. */
export function judgeAtMost(statement: Statement, asked: Asked, circumstances: Circumstances): Judgement {
  const { resource, value } = asked;
  const most = statement.each
    ? ofMembers(statement, circumstances, (key) => mostOfGuest(key, resource, circumstances), isMore)
    : { who: 'it ', amount: mostOfSum(subjectKey(statement.subject), resource, circumstances) };
  const { amount, who } = most;
  return {
    holds: amount.value !== null && compare(amount.value, value) <= 0,
    expected: `at most ${resourceText(asked, circumstances.host)}`,
    got: `${who}can get ${textOf(amount, asked, circumstances)}`,
    reasons: amount.reasons,
  };
}

/** `at least X` holds iff the least that it is provably promised is no less than X; so does `guaranteed X`. */
export function judgeAtLeast(
  statement: Statement,
  asked: Asked,
  circumstances: Circumstances,
  words: 'at least' | 'guaranteed',
): Judgement {
  const { resource, value } = asked;
  const { amount, who } = statement.each
    ? ofMembers(
        statement,
        circumstances,
        (key) => leastOfGuest(key, resource, circumstances),
        (a, b) => isMore(b, a),
      )
    : { who: 'it ', amount: leastOfSum(subjectKey(statement.subject), resource, circumstances) };
  const promised = amount.value !== null && amount.value.num > 0n;
  return {
    holds: amount.value !== null && compare(amount.value, value) >= 0,
    expected: `${words} ${resourceText(asked, circumstances.host)}`,
    got: `${who}is promised ${promised ? textOf(amount, asked, circumstances) : 'nothing'}`,
    reasons: amount.reasons,
  };
}

const isMore = (a: Amount, b: Amount): boolean =>
  b.value !== null && (a.value === null || compare(a.value, b.value) > 0);

/** The member's class that decides: the first for which no other is further out. */
function ofMembers(
  { subject }: Statement,
  circumstances: Circumstances,
  amountOf: (classKey: string) => Amount,
  isFurther: (a: Amount, b: Amount) => boolean,
): { readonly who: string; readonly amount: Amount } {
  const amounts = classesOf(subject, circumstances).map((key) => ({ key, amount: amountOf(key) }));
  const [first, ...others] = amounts;
  if (!first) return { who: 'it ', amount: { value: null, reasons: [] } };
  const { key, amount } = others.reduce(
    (furthest, one) => (isFurther(one.amount, furthest.amount) ? one : furthest),
    first,
  );
  return { who: subjectKey(subject) === key ? 'each ' : `each of ${key} `, amount };
}

function textOf({ value }: Amount, { resource }: Asked, { host }: Circumstances): string {
  return value === null ? 'without limit' : resourceText({ resource, value }, host);
}
