import type { Diagnostic } from '../../lang/diagnostic.js';
import type { PolicyTest, Sentence } from '../../lang/model.js';
import { calendarsIn, type NamedCalendar } from '../calendar/calendars-in.js';
import { isKnownZone } from '../calendar/zone.js';
import type { Truth } from '../plan.js';
import { policyTests } from './catalogue.js';
import { checkExpectation } from './check-expectation.js';
import type { ExpectationResult } from './expectation-result.js';
import { type Moment, momentAt } from './moments.js';
import { problemOf } from './problem-of.js';
import type { Scene } from './scene.js';
import { distinctCases, type TimedCase } from './test-cases.js';

export interface TestResult {
  readonly test: PolicyTest;
  readonly passed: boolean;
  /** Name of the mode that the test is in; null without `at` where the mode depends on the time. */
  readonly mode: string | null;
  /** Empty for a test that cannot be evaluated. */
  readonly expectations: readonly ExpectationResult[];
  /** What is wrong, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** Sentences that are in force, whatever the time where the test does not say it. */
  readonly activated: readonly Sentence[];
  /** Values of the policy's conditions, by index; null without `at` where they depend on the time. */
  readonly values: readonly Truth[] | null;
}

/** Runs a test of a policy: see docs/testing-policies.md. */
export function runTest(test: PolicyTest, scene: Scene): TestResult {
  const calendars = calendarsIn([
    ...scene.sentences.flatMap(({ guards }) => guards.map(({ condition }) => condition)),
    ...test.expectations.flatMap((one) => (one.kind === 'that' ? [one.condition] : [])),
  ]);
  const zone = scene.context.host.facts.timezone;
  // An unknown zone is reported when the policy is compiled.
  if (calendars.length > 0 && !isKnownZone(zone)) return untested(test, []);
  if (test.at === null) return evaluate(test, scene.momentsOf(calendars), calendars, scene);
  const moment = momentAt(test.at, isKnownZone(zone) ? zone : 'UTC');
  if (moment !== null) return evaluate(test, [moment], calendars, scene);
  const time = `${test.at.date} ${clock(test.at.minute)}`;
  return untested(test, [policyTests.skippedTime.at(test.place, { time, zone })]);
}

const clock = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((value) => String(value).padStart(2, '0')).join(':');

const untested = (test: PolicyTest, diagnostics: readonly Diagnostic[]): TestResult => ({
  test,
  passed: false,
  mode: null,
  expectations: [],
  diagnostics,
  activated: [],
  values: null,
});

function evaluate(
  test: PolicyTest,
  moments: readonly Moment[],
  calendars: readonly NamedCalendar[],
  scene: Scene,
): TestResult {
  const cases = distinctCases(test, moments, scene);
  const results = cases.map((one) => test.expectations.map((each) => checkExpectation(each, one, scene)));
  const conflicts = cases.map(({ situation }) => scene.planned(situation).conflicts);
  const inConflict = conflicts.find(({ length }) => length > 0);
  const problems = test.expectations.flatMap((_, index) => {
    // INVARIANT: every case has a result for every expectation.
    const ofCases = cases.map((one, at) => ({ ...one, result: results[at]![index]! }));
    return problemOf(ofCases, calendars);
  });
  // Where no schedule keeps the policy, what becomes of an expectation says little.
  const diagnostics = inConflict ?? problems;
  const [first, ...others] = cases;
  const only = others.length === 0 ? first : undefined;
  return {
    test,
    passed: diagnostics.length === 0,
    mode: only?.situation.modeId ?? null,
    expectations: results[0] ?? [],
    diagnostics,
    activated: scene.sentences.filter((sentence) => cases.every((one) => isActive(sentence, one))),
    values: only?.values ?? null,
  };
}

const isActive = (sentence: Sentence, { situation }: TimedCase): boolean =>
  situation.active.some((one) => one.sentence === sentence);
