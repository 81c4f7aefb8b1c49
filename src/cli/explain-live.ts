import { explainLive, MODE } from '../api/live-explanation.js';
import { nearest } from '../lang/did-you-mean.js';
import type { CommandResult, Context } from './command.js';
import { usageError } from './command-error.js';
import { withDaemon } from './daemon-client.js';
import { ExitCode } from './exit-code.js';
import { renderLiveExplanation } from './render/live-explanation.js';

/** Why a subject of the running daemon is in its state. */
export const explainSubjectLive = (
  subject: string,
  socket: string | undefined,
  { env, colors }: Context,
): Promise<CommandResult> =>
  withDaemon({ socket, env }, async (client) => {
    const [status, plan] = await Promise.all([client.status(), client.plan()]);
    const explanation = explainLive(status, plan, subject);
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
