import type { Condition, Expectation, Guard, Sentence } from '../../lang/model.js';
import { circumstancesOf } from '../claims/circumstances-of.js';
import { judge } from '../claims/judge.js';
import type { Judgement } from '../claims/judgement.js';
import { notInForce } from '../claims/not-in-force.js';
import type { Reason } from '../claims/reason.js';
import type { Situation } from '../modes/situation.js';
import type { Truth } from '../plan.js';
import { subjectKey } from '../subject-key.js';
import { elasticValue } from './elastic-value.js';
import type { ExpectationResult } from './expectation-result.js';
import { definitionsIn, partsOf } from './explain-condition.js';
import { type GuestCounts, populationFor } from './given-guests.js';
import type { Scene } from './scene.js';
import { truthOf } from './truth-of.js';
import type { World } from './world.js';

/** A situation that a test may be in. */
export interface TestCase {
  readonly world: World;
  readonly situation: Situation;
  readonly guests: GuestCounts;
}

/** Whether an expectation is met in a situation, and why. */
export function checkExpectation(
  expectation: Expectation,
  testCase: TestCase,
  scene: Scene,
): ExpectationResult {
  return expectation.kind === 'that'
    ? checkCondition(expectation, testCase, scene)
    : checkOutcome(expectation, testCase, scene);
}

type That = Extract<Expectation, { kind: 'that' }>;
type OutcomeExpected = Extract<Expectation, { kind: 'outcome' }>;

function checkCondition(expectation: That, { world }: TestCase, scene: Scene): ExpectationResult {
  const { condition } = expectation;
  const truth = (part: Condition): Truth => truthOf(part, world, scene.context.host);
  const parts = partsOf(condition).map((part) => `${scene.textOf(part)} is ${truth(part)}`);
  const value = truth(condition);
  const whole = parts.length === 1 ? '' : `it is ${value}: `;
  return {
    expectation,
    met: value === true,
    subject: 'that',
    expected: scene.textOf(condition),
    got: parts.length === 0 ? `it is ${value}` : `${whole}${[...new Set(parts)].join(', ')}`,
    reasons: definitionsIn(condition, scene.context.model, truth),
    advice: null,
  };
}

function checkOutcome(expectation: OutcomeExpected, testCase: TestCase, scene: Scene): ExpectationResult {
  const { situation, world, guests } = testCase;
  const { context } = scene;
  const key = subjectKey(expectation.subject);
  const population = populationFor(key, guests, context.population);
  const circumstances = circumstancesOf(
    situation,
    { ...context, population },
    {
      elastic: (ceiling) => elasticValue(ceiling, world, context.host),
      proof: scene.planned(situation).proof,
    },
  );
  const judgement = judge(expectation, circumstances);
  const idle = judgement.holds ? [] : idleSentences(expectation, testCase, scene);
  return {
    expectation,
    met: judgement.holds,
    subject: `${expectation.each ? 'each ' : ''}${key}`,
    expected: judgement.expected,
    got: judgement.got,
    reasons: [...judgement.reasons, ...idle],
    advice: judgement.holds ? null : adviceFor(expectation, judgement, idle),
  };
}

function idleSentences(
  expectation: OutcomeExpected,
  { situation, world }: TestCase,
  scene: Scene,
): readonly Reason[] {
  const { population, host } = scene.context;
  const why = ({ guards }: Sentence): string => {
    const truth = ({ condition, expected }: Guard) => ({
      value: truthOf(condition, world, host),
      expected,
      condition,
    });
    const failing = guards.map(truth).find(({ value, expected }) => value !== expected);
    return failing ? `${scene.textOf(failing.condition)} is ${failing.value}` : 'its condition does not hold';
  };
  return notInForce(expectation, scene.sentences, situation.active, population, why);
}

function adviceFor(
  { outcome }: OutcomeExpected,
  { reasons }: Judgement,
  idle: readonly Reason[],
): string | null {
  if (reasons.length > 0 || idle.length > 0) return null;
  return outcome.kind === 'at-most'
    ? 'No sentence in force limits it.'
    : 'No sentence of the policy has to do with it.';
}
