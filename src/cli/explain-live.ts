import type { Client } from '../api/client.js';
import { type ForecastsNow, forecastsIn, twoSidedLevel } from '../api/forecasts-behind.js';
import { explainLive, MODE } from '../api/live-explanation.js';
import type { Plan } from '../compiler/plan.js';
import { subjectText } from '../enforce/conditions/atom-text.js';
import { nearest } from '../lang/did-you-mean.js';
import { formatDuration } from '../support/duration.js';
import type { CommandResult, Context } from './command.js';
import { usageError } from './command-error.js';
import { withDaemon } from './daemon-client.js';
import { ExitCode } from './exit-code.js';
import { renderLiveExplanation } from './render/live-explanation.js';

const MOST_AT_ONCE = 64;

/** By text; without those that cannot be given, for their signal is not sensed here. */
async function forecastsNow(client: Client, plan: Plan): Promise<ForecastsNow> {
  const asked = forecastsIn(plan)
    .filter((one) => twoSidedLevel(one) > 0)
    .slice(0, MOST_AT_ONCE);
  if (asked.length === 0) return new Map();
  const answers = await client.forecasts(
    asked.map((one) => ({
      signal: one.signal,
      horizon: formatDuration(one.overNs),
      level: `${Number((100 * twoSidedLevel(one)).toPrecision(12))}%`,
    })),
  );
  return new Map(
    answers.flatMap((answer, i) => ('forecast' in answer ? [[subjectText(asked[i]!), answer.forecast]] : [])),
  );
}

/** Why a subject of the running daemon is in its state. */
export const explainSubjectLive = (
  subject: string,
  socket: string | undefined,
  { env, colors }: Context,
): Promise<CommandResult> =>
  withDaemon({ socket, env }, async (client) => {
    const [status, plan] = await Promise.all([client.status(), client.plan()]);
    const explanation = explainLive(status, plan, subject, await forecastsNow(client, plan));
    if (explanation !== null) {
      const text = renderLiveExplanation(explanation, colors);
      return { exitCode: ExitCode.done, json: explanation, text };
    }
    const names = [
      ...status.guests.map(({ name, pid }) => name ?? String(pid)),
      ...plan.classes.map(({ name }) => name),
      MODE,
    ];
    const meant = nearest(subject, names);
    throw usageError(
      `there is no guest, class or mode '${subject}'`,
      meant ? `did you mean '${meant}'?` : `there are ${names.slice(0, 12).join(', ')}`,
    );
  });
