import type { Diagnostic, RelatedPlace } from '../../lang/diagnostic.js';
import type { NamedCalendar } from '../calendar/calendars-in.js';
import { distinctReasons } from '../claims/reason.js';
import { policyTests } from './catalogue.js';
import type { ExpectationResult } from './expectation-result.js';
import type { TimedCase } from './test-cases.js';

/** What an expectation came to in one of the situations that a test may be in. */
type CaseResult = TimedCase & { readonly result: ExpectationResult };

/** Beyond so many places nobody reads them. */
const MOST_PLACES = 8;

/** What is wrong with an expectation: that it is not met, or that it depends on the time, which the test does not say. */
export function problemOf(
  results: readonly CaseResult[],
  calendars: readonly NamedCalendar[],
): readonly Diagnostic[] {
  const failed = results.filter(({ result }) => !result.met);
  const [first] = failed;
  if (first === undefined) return [];
  const met = results.filter(({ result }) => result.met);
  return [met.length > 0 ? dependsOnTime(met, failed, calendars) : notMet(first.result)];
}

function notMet({ expectation, subject, expected, got, reasons, advice }: ExpectationResult): Diagnostic {
  const related = distinctReasons(reasons)
    .slice(0, MOST_PLACES)
    .map(({ place, role }): RelatedPlace => ({ message: role, file: place.file, range: place.range }));
  return policyTests.notMet.at(expectation.place, { subject, expected, got, advice }, { related });
}

/** Told by two times that differ in as few calendars as can be. */
function dependsOnTime(
  met: readonly CaseResult[],
  failed: readonly CaseResult[],
  calendars: readonly NamedCalendar[],
): Diagnostic {
  const pairs = met.flatMap((one) =>
    failed.map((other) => ({ one, other, differing: between(one, other, calendars) })),
  );
  const { one, other, differing } = pairs.reduce((best, pair) =>
    pair.differing.length < best.differing.length ? pair : best,
  );
  const { expectation } = one.result;
  return policyTests.timeMatters.at(expectation.place, {
    calendars: differing.map(({ name }) => name),
    met: one.moment.instant ?? '',
    notMet: other.moment.instant ?? '',
    expectation: expectation.text,
  });
}

const between = (
  { moment }: TimedCase,
  other: TimedCase,
  calendars: readonly NamedCalendar[],
): readonly NamedCalendar[] =>
  calendars.filter(({ calendar }) => moment.contains(calendar) !== other.moment.contains(calendar));
