import { historyAnswer } from '../rps/history/history-answer.js';
import type { HistoryAnswer } from '../rps/index.js';
import { parseDuration } from '../support/duration.js';
import type { Context } from './command.js';
import { refusal } from './command-error.js';
import { askHistoryFile, askPast } from './past.js';
import type { SocketArguments } from './socket-option.js';

/**
 * What was recorded of signals since an instant, of the daemon or, where none runs and none was named, from the file that the last
 * one left. Throws a refusal where there is nothing of one.
 */
export async function recordedSamples(
  signals: readonly string[],
  { fromMs, step }: { readonly fromMs: number; readonly step: string | null },
  where: SocketArguments & Pick<Context, 'env'>,
): Promise<readonly HistoryAnswer[]> {
  const answers: HistoryAnswer[] = [];
  for (const signal of signals) {
    answers.push(
      await askPast(
        where,
        (client) => client.samples(signal, { fromMs, ...(step !== null && { step }) }),
        () => fromFile(signal, fromMs, Number(parseDuration(step ?? '') ?? 0n) / 1e6, where.env),
      ),
    );
  }
  return answers;
}

async function fromFile(
  signal: string,
  fromMs: number,
  stepMs: number,
  env: Context['env'],
): Promise<HistoryAnswer> {
  const block = await askHistoryFile(env, { kind: 'samples', signal, fromMs, stepMs });
  if (block === null) throw refusal('NOT_FOUND', `no samples of ${signal} have been taken on this host`);
  return historyAnswer(block);
}
