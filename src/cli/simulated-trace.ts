import type { Plan } from '../compiler/index.js';
import {
  columnsOf,
  MOST_STEPS,
  parseInstant,
  parseTrace,
  sliceTrace,
  syntheticTrace,
  type Trace,
  TraceError,
} from '../simulate/index.js';
import { parseDuration } from '../support/duration.js';
import { refusal, usageError } from './command-error.js';
import type { SimulateArguments } from './commands/simulate.js';

/** A Monday without a change of the clocks anywhere near: what is invented begins there unless told otherwise. */
const USUAL_START = '2026-11-23';
const DAY_MS = 86_400_000;
const SECOND_MS = 1000;
const LEAST_STEP_MS = 100;

export interface StartedTrace {
  readonly trace: Trace;
  readonly startMs: number;
}

/** The trace that a command line asks for, read or invented, and when it begins. `text`: of the file, where there is one. */
export function simulatedTrace(
  args: SimulateArguments,
  text: string | null,
  plans: readonly [Plan, ...Plan[]],
): StartedTrace {
  const zone = plans[0].host.timezone;
  const startMs = args.from === undefined ? null : parseInstant(args.from, zone);
  if (args.from !== undefined && startMs === null) {
    throw usageError(`there is no time '${args.from}' in ${zone}`, "write '2026-11-23 10:00'");
  }
  const forMs = durationOf(args.for, '--for');
  if (text === null)
    return invented(args, startMs ?? parseInstant(USUAL_START, zone) ?? 0, forMs ?? DAY_MS, zone);
  for (const option of ['step', 'seed'] as const) {
    if (args[option] !== undefined)
      throw usageError(`--${option} is of the invented trace, and there is --trace`);
  }
  return cut(read(args.trace ?? '', text, plans, zone), startMs, forMs, zone);
}

function invented(
  { step, seed }: SimulateArguments,
  startMs: number,
  forMs: number,
  zone: string,
): StartedTrace {
  const stepMs = durationOf(step, '--step') ?? SECOND_MS;
  if (stepMs < LEAST_STEP_MS) throw usageError(`--step ${step} is too short`, 'at least 100ms');
  const length = Math.floor(forMs / stepMs);
  if (length < 1) throw usageError('that is less than one step', 'simulate more, or in shorter steps');
  if (length > MOST_STEPS) {
    throw usageError(`that is ${length} steps, and ${MOST_STEPS} is the most`, 'give a longer --step');
  }
  const number = Number(seed ?? '1');
  if (!Number.isInteger(number) || number < 0) throw usageError(`--seed ${seed} is no whole number`);
  return { trace: syntheticTrace({ startMs, stepMs, length, zone, seed: number }), startMs };
}

function read(file: string, text: string, plans: readonly Plan[], zone: string): Trace {
  try {
    return parseTrace(text, columnsOf(plans), zone);
  } catch (error) {
    if (!(error instanceof TraceError)) throw error;
    const place = error.line === null ? file : `${file}:${error.line}`;
    throw refusal('TRACE', `${place}: ${error.message}`, error.hint);
  }
}

/** A trace with times is cut to what is asked for; one with seconds begins when it is said to. */
function cut(trace: Trace, startMs: number | null, forMs: number | null, zone: string): StartedTrace {
  const skippedMs = trace.startMs === null || startMs === null ? 0 : startMs - trace.startMs;
  const part = sliceTrace(trace, skippedMs, forMs ?? Number.POSITIVE_INFINITY);
  if (part === null) {
    throw usageError(
      'the trace has nothing of that time',
      'see its first row and its last, --from and --for',
    );
  }
  const missingMs = forMs === null ? 0 : forMs - part.length * part.stepMs;
  if (missingMs >= part.stepMs) {
    throw usageError(
      `the trace ends ${missingMs / SECOND_MS}s before that`,
      'leave out --for, or shorten it',
    );
  }
  return { trace: part, startMs: part.startMs ?? startMs ?? parseInstant(USUAL_START, zone) ?? 0 };
}

/** Milliseconds; null: not given. */
function durationOf(text: string | undefined, option: string): number | null {
  if (text === undefined) return null;
  const ns = parseDuration(text);
  if (ns === null || ns <= 0n) throw usageError(`${option} ${text} is no time`, 'write 1d, 12h, 30min, 1s');
  return Number(ns) / 1e6;
}
