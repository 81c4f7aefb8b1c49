import { checkAmounts } from './amounts.js';
import { checkAmountsOnce } from './amounts-once.js';
import { checkApartThresholds } from './apart-thresholds.js';
import { checkCalendarValues } from './calendar-values.js';
import type { Check, CheckInput } from './check.js';
import { checkConditionSize } from './condition-size.js';
import { checkCounts } from './counts.js';
import { checkDeclaredTasks } from './declared-tasks.js';
import { checkDurations } from './durations.js';
import { checkElasticCeilings } from './elastic-ceilings.js';
import { checkExceptCalendars } from './except-calendars.js';
import { checkGivenGuests } from './given-guests.js';
import { checkGivenOnce } from './given-once.js';
import { checkIdleMechanism } from './idle-mechanism.js';
import { checkKnownBudgets } from './known-budgets.js';
import { checkKnownSignals } from './known-signals.js';
import { checkKnownSubjects } from './known-subjects.js';
import { checkKnownTimezone } from './known-timezone.js';
import { checkNoCycles } from './no-cycles.js';
import { checkNotEmpty } from './not-empty.js';
import { checkOneHost } from './one-host.js';
import { checkPeriods } from './periods.js';
import { checkPlacedCores } from './placed-cores.js';
import { checkRequiredProperties } from './required-properties.js';
import { checkShareParts } from './share-parts.js';
import { checkSignalTypes } from './signal-types.js';
import { checkSteadyConditions } from './steady-conditions.js';
import { checkStiffCeilings } from './stiff-ceilings.js';
import { checkTaskTimes } from './task-times.js';
import { checkTestShape } from './test-shape.js';
import { checkTimelessCalendars } from './timeless-calendars.js';
import { checkUnionDepth } from './union-depth.js';
import { checkUnionMembers } from './union-members.js';
import { checkUniqueNames } from './unique-names.js';
import { checkUniqueProperties } from './unique-properties.js';
import { checkUniqueTasks } from './unique-tasks.js';
import { checkUniqueTitles } from './unique-titles.js';
import { checkUnusedNames } from './unused-names.js';
import { checkVouchedPromises } from './vouched-promises.js';

/** What makes a policy wrong. Two errors at one place come in this order, the one that explains the other first. */
const RULES: readonly Check[] = [
  // A text without sentences has nothing else to be checked.
  checkNotEmpty,
  // Declarations on their own: what is wrong here makes what uses them doubtful.
  checkUniqueNames,
  checkOneHost,
  checkUniqueProperties,
  checkRequiredProperties,
  checkUniqueTasks,
  checkUniqueTitles,
  checkTestShape,
  // What names stand for, then what they are made of: sizes mean something only without circles.
  checkUnionMembers,
  checkKnownSubjects,
  checkKnownSignals,
  checkNoCycles,
  checkConditionSize,
  checkUnionDepth,
  // Kinds of things, once it is known what they are.
  checkExceptCalendars,
  checkSignalTypes,
  checkElasticCeilings,
  checkShareParts,
  checkAmountsOnce,
  checkDeclaredTasks,
  checkGivenOnce,
  checkTimelessCalendars,
  // Values: a value is only looked at where its unit is right.
  checkCalendarValues,
  checkKnownTimezone,
  checkCounts,
  checkPeriods,
  checkTaskTimes,
  checkAmounts,
  checkPlacedCores,
  checkDurations,
  checkGivenGuests,
  // What is missing may be what could not be read: last, and silent where there is any error.
  checkKnownBudgets,
];

/** What is legal, but seldom meant; asked only of a policy without errors, where names and units can be trusted. */
const ADVICE: readonly Check[] = [
  checkVouchedPromises,
  checkSteadyConditions,
  checkApartThresholds,
  checkIdleMechanism,
  checkStiffCeilings,
  checkUnusedNames,
];

export function runChecks(input: CheckInput): void {
  for (const check of RULES) check(input);
  if (!input.reporter.hasErrors()) for (const check of ADVICE) check(input);
}
