import { availableParallelism } from 'node:os';
import type { ReplayLoad } from '../../api/replay-load-schema.js';
import { parseDuration } from '../../support/duration.js';
import type { CommandResult, Context } from '../command.js';
import { refusal, usageError } from '../command-error.js';
import type { ReplayLoadArguments } from '../commands/replay-load.js';
import { ExitCode } from '../exit-code.js';
import { readSeries } from '../read-series.js';
import { renderReplayLoad } from '../render/replay-load.js';
import { play } from './play.js';
import { type Playback, playbackOf } from './playback.js';

const LEAST_STEP_MS = 100;
/** Mean load of the presets, in threads that want to run for each processor. */
const PRESETS = { light: 0.4, heavy: 1.25 } as const;

/** Plays a trace until it has ended or a signal asks to end; nothing runs any more then. */
export async function replayLoadInFile(args: ReplayLoadArguments, context: Context): Promise<CommandResult> {
  const processors = availableParallelism();
  const playback = checkedPlayback(args, processors);
  const ended = new AbortController();
  const end = () => ended.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
  try {
    // How much more than the host has is wanted cannot be seen in what is run.
    const unit = args.load === undefined ? args.unit : 'threads';
    const played = await play(playback, {
      unit,
      processors,
      signal: ended.signal,
      progress: progressOf(context),
    });
    const document: ReplayLoad = { trace: args.trace, unit, stepNs: playback.stepMs * 1e6, ...played };
    return { exitCode: ExitCode.done, json: document, text: renderReplayLoad(document) };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, end);
  }
}

function checkedPlayback(
  { trace, unit, step, scale, load, from, for: time }: ReplayLoadArguments,
  processors: number,
): Playback {
  const stepMs = milliseconds('--step', step);
  if (stepMs < LEAST_STEP_MS) throw usageError(`--step ${step}: ${LEAST_STEP_MS}ms at the least`);
  if (scale !== undefined && load !== undefined)
    throw usageError('--scale and --load both say how much is to be played: give one of them');
  if (scale !== undefined && !(scale > 0)) throw usageError(`--scale ${scale}: a factor above 0`);
  const fromMs = milliseconds('--from', from);
  const forMs = time === undefined ? null : milliseconds('--for', time);
  if (forMs === 0) throw usageError(`--for ${time}: a time above 0`);
  const meanThreads = load === undefined ? null : PRESETS[load] * processors;
  const samples = readSeries(trace, 1);
  try {
    return playbackOf(samples, { unit, scale: scale ?? 1, meanThreads, stepMs, fromMs, forMs, processors });
  } catch (error) {
    if (error instanceof RangeError) throw refusal('TRACE', `${trace}: ${error.message}`);
    throw error;
  }
}

function milliseconds(option: string, text: string): number {
  const ns = parseDuration(text);
  if (ns === null) throw usageError(`${option} ${text}: a time such as 30s, 1.5min or 200ms`);
  return Number(ns) / 1e6;
}

/** On a terminal, how far it is. */
const progressOf =
  ({ quiet, stderr }: Context) =>
  (line: string): void => {
    if (!quiet && stderr.isTTY === true) stderr.write(`\r\u001b[K${line}`);
  };
