import type { Outcome, ReservationForm, Subject } from '../../lang/model.js';
import { cycleText, formText } from '../demand-text.js';
import { suppliedWithin, supplyOf } from '../interface/supply.js';
import type { Circumstances } from './circumstances.js';
import type { Judgement } from './judgement.js';
import {
  type ClassState,
  type Cycle,
  cycles,
  type Reserved,
  reservations,
  reservedText,
  yields,
} from './state-of-subject.js';

export function judgePaused(subject: Subject, circumstances: Circumstances): Judgement {
  return judgeStates('paused', cycles(subject, circumstances), ({ runNs }) => runNs === 0n, cycleState);
}

export function judgeRuns(
  subject: Subject,
  { runNs, periodNs }: Extract<Outcome, { kind: 'runs' }>,
  circumstances: Circumstances,
): Judgement {
  return judgeStates(
    `runs ${cycleText(runNs, periodNs)}`,
    cycles(subject, circumstances),
    (cycle) => cycle.runNs === runNs && cycle.periodNs === periodNs,
    cycleState,
  );
}

export function judgeYields(subject: Subject, circumstances: Circumstances): Judgement {
  return judgeStates(
    'yields',
    yields(subject, circumstances),
    () => true,
    (state) => (state === null ? 'does not yield' : 'yields'),
  );
}

/** In the form asked for; of budgets in periods and windows it counts what the servers come to. */
export function judgeReserved(
  subject: Subject,
  form: ReservationForm,
  circumstances: Circumstances,
): Judgement {
  return judgeStates(
    `reserved ${expectedText(form)}`,
    reservations(subject, circumstances),
    (reserved) => isReserved(reserved, form, circumstances),
    (state) => (state === null ? 'has no reservation' : `is reserved ${reservedText(state.vcpus)}`),
  );
}

const cycleState = (cycle: Cycle | null): string => {
  if (cycle === null) return 'runs without a duty cycle';
  return cycle.runNs === 0n ? 'is paused' : `runs ${cycleText(cycle.runNs, cycle.periodNs)}`;
};

const expectedText = (form: ReservationForm): string =>
  form.kind === 'tasks' ? 'for its tasks' : formText(form);

function isReserved({ forms, vcpus }: Reserved, form: ReservationForm, { host }: Circumstances): boolean {
  switch (form.kind) {
    case 'tasks':
      return forms.some(({ kind }) => kind === 'tasks');
    case 'every':
      return vcpus.every(
        ({ budgetNs, periodNs }) => budgetNs === form.budgetNs && periodNs === form.periodNs,
      );
    case 'in-any': {
      const tickNs = host.facts.hrtickDeadline ? 0 : Number(host.tickNs);
      return vcpus.every(({ budgetNs, periodNs }) => {
        const server = { budgetNs: Number(budgetNs), periodNs: Number(periodNs) };
        return suppliedWithin(supplyOf(server, tickNs), Number(form.windowNs)) >= Number(form.budgetNs);
      });
    }
  }
}

/** It holds of a subject when it holds of every class in it; else the classes of which it does not are told. */
function judgeStates<S>(
  expected: string,
  states: readonly ClassState<S>[],
  holds: (state: S) => boolean,
  describe: (state: S | null) => string,
): Judgement {
  const failed = states.filter(({ state }) => state === null || !holds(state));
  const told = failed.length > 0 ? failed : states;
  const named = states.length > 1;
  const texts = told.map(({ class: key, state }) => `${named ? key : 'it'} ${describe(state)}`);
  return {
    holds: failed.length === 0 && states.length > 0,
    expected,
    got: [...new Set(texts)].join(', '),
    reasons: told.flatMap(({ reasons }) => reasons),
  };
}
