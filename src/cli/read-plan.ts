import { InvalidPlanError, PLAN_LIMIT_BYTES, parsePlan } from '../api/parse-plan.js';
import type { Plan } from '../compiler/index.js';
import { CommandError } from './command-error.js';
import type { ExitCode } from './exit-code.js';
import { readOrRefuse } from './read-policy.js';

/** The plan in a file; what is there and is none ends the command with `exitCode`. */
export function readPlan(file: string, exitCode: ExitCode): Plan {
  try {
    return parsePlan(readOrRefuse(file, PLAN_LIMIT_BYTES), file);
  } catch (error) {
    if (!(error instanceof InvalidPlanError)) throw error;
    throw new CommandError(exitCode, 'PLAN', error.message, "'vmc compile -o' writes plans");
  }
}
