import { invariant } from '../support/invariant.js';
import { amountsOf, elasticOf } from './amount-model.js';
import { countOf, guestModel } from './class-model.js';
import type { ConditionModel } from './condition-model.js';
import type {
  Amounts,
  Claim,
  ConstraintBody as ModelBody,
  ReservationForm as ModelForm,
  Subject as ModelSubject,
} from './model.js';
import { nanosecondsOf, numberOf, wholeOf, workOf } from './quantities.js';
import type { Reporter } from './reporter.js';
import type { OfferSentence, Scope } from './scope.js';
import { modelSubject } from './subject-model.js';
import type {
  Amount,
  Assertion,
  BoundClaim,
  Budget,
  Constraint,
  CoreRange,
  ReservationForm,
  SharePart,
  Subject,
} from './tree.js';
import { offerNumbers } from './written-number.js';

/** What a constraint asks for: all of a sentence but its guards, its mechanism and its place. */
export function sentenceBody(
  constraint: Constraint,
  scope: Scope,
  conditions: ConditionModel,
  reporter: Reporter,
): ModelBody {
  const subjectOf = (written: Subject): ModelSubject => modelSubject(written, scope);
  switch (constraint.kind) {
    case 'keep':
      return { kind: 'keep', amounts: amountsOf(constraint.amounts) };
    case 'limit':
      return { ...bounding(constraint, scope), kind: 'limit', elastic: elasticOf(constraint.amounts) };
    case 'guarantee':
      return { ...bounding(constraint, scope), kind: 'guarantee' };
    case 'reserve':
      return { kind: 'reserve', subject: subjectOf(constraint.subject), form: formModel(constraint.form) };
    case 'run':
      return {
        kind: 'run',
        subject: subjectOf(constraint.subject),
        runNs: nanosecondsOf(constraint.budget),
        periodNs: nanosecondsOf(constraint.period),
      };
    case 'share':
      return { kind: 'share', parts: constraint.parts.map((part) => sharePart(part, scope)) };
    case 'share-equally':
    case 'pause':
    case 'yield':
      return { kind: constraint.kind, subject: subjectOf(constraint.subject) };
    case 'place':
      return { kind: 'place', subject: subjectOf(constraint.subject), cores: coresOf(constraint.cores) };
    case 'stop':
      return {
        kind: 'stop',
        subject: subjectOf(constraint.subject),
        withinNs: nanosecondsOf(constraint.within),
      };
    case 'budget':
      return budgetBody(constraint, scope);
    case 'offer':
      return offerBody(constraint, reporter);
    case 'assert':
      return assertBody(constraint, scope, conditions);
  }
}

/** What a budget asks for once it is spent; null where it only counts. */
export function exhaustedBody({ then, subject, each }: Budget, scope: Scope): ModelBody | null {
  if (then === null) return null;
  if (then.kind === 'pause') return { kind: 'pause', subject: modelSubject(subject, scope) };
  const { amounts } = then;
  return { ...bounding({ subject, each, amounts }, scope), kind: 'limit', elastic: elasticOf(amounts) };
}

export function formModel(form: ReservationForm): ModelForm {
  switch (form.kind) {
    case 'every':
      return {
        kind: 'every',
        budgetNs: nanosecondsOf(form.budget),
        periodNs: nanosecondsOf(form.period),
      };
    case 'in-any':
      return {
        kind: 'in-any',
        budgetNs: nanosecondsOf(form.budget),
        windowNs: nanosecondsOf(form.window),
      };
    case 'tasks':
      return { kind: 'tasks' };
  }
}

export function claimModel(claim: BoundClaim | { readonly kind: 'paused' }): Claim {
  if (claim.kind === 'paused') return { kind: 'paused' };
  return { kind: claim.kind, amounts: amountsOf([claim.amount]) };
}

interface WrittenBound {
  readonly subject: Subject;
  readonly each: boolean;
  readonly amounts: readonly Amount[];
}

function bounding(
  { subject, each, amounts }: WrittenBound,
  scope: Scope,
): { readonly subject: ModelSubject; readonly each: boolean; readonly amounts: Amounts } {
  return { subject: modelSubject(subject, scope), each, amounts: amountsOf(amounts) };
}

function sharePart({ subject, proportion }: SharePart, scope: Scope) {
  const value = numberOf(proportion);
  invariant(value !== null, 'a proportion was checked to be a number');
  return { subject: modelSubject(subject, scope), proportion: value };
}

/** In time linear in the ranges and the cores, however often the ranges overlap. */
function coresOf(ranges: readonly CoreRange[]): readonly number[] {
  const lastFrom = new Map<number, number>();
  for (const { first, last } of ranges) {
    lastFrom.set(Number(first), Math.max(Number(last), lastFrom.get(Number(first)) ?? 0));
  }
  const cores: number[] = [];
  let next = 0;
  for (const [first, last] of [...lastFrom].sort((a, b) => a[0] - b[0])) {
    for (next = Math.max(next, first); next <= last; next++) cores.push(next);
  }
  return cores;
}

function budgetBody({ subject, each, work, per, then }: Budget, scope: Scope): ModelBody {
  return {
    kind: 'budget',
    subject: modelSubject(subject, scope),
    each,
    workNs: wholeOf(workOf(work)),
    per: per.text as 'day' | 'week' | 'month',
    // biome-ignore lint/suspicious/noThenProperty: nothing awaits a model, and `then` is the word of the language.
    then: then?.kind ?? null,
  };
}

function offerBody(offer: OfferSentence, reporter: Reporter): ModelBody {
  const { name, count, terms } = offer;
  const reserve = terms.find((term) => term.kind === 'reserve');
  const amounts = (kind: 'guarantee' | 'limit'): Amounts | null => {
    const term = terms.find((each) => each.kind === kind);
    return term !== undefined && 'amounts' in term ? amountsOf(term.amounts) : null;
  };
  return {
    kind: 'offer',
    name: name.text,
    count: countOf(count),
    ...guestModel(terms, reporter),
    reserve: reserve === undefined ? null : formModel(reserve.form),
    guarantee: amounts('guarantee'),
    limit: amounts('limit'),
    numbers: offerNumbers(offer, reporter),
  };
}

function assertBody(assertion: Assertion, scope: Scope, conditions: ConditionModel): ModelBody {
  return {
    kind: 'assert',
    subject: modelSubject(assertion.subject, scope),
    each: assertion.each,
    claim: claimModel(assertion.claim),
    while: assertion.while === null ? null : conditions.of(assertion.while),
  };
}
