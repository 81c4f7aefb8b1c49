import type { Client } from '../../api/client.js';
import type { Command, CommandResult, Context } from '../command.js';
import { withDaemon } from '../daemon-client.js';
import { ExitCode } from '../exit-code.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

type Arguments = SocketArguments & { readonly once: boolean };

/** `vmc top`: the guests, what they are promised and get, live. */
export const topCommand: Command<Arguments> = {
  usage: 'top',
  describe:
    'The guests, what they are promised and get, the mode and why, what the owner wants and will want, findings and events: live on a terminal, else one frame.',
  positionals: {},
  options: {
    ...SOCKET_OPTION,
    once: { type: 'boolean', default: false, describe: 'one frame, of all guests, and end' },
  },
  examples: [
    ['$0 top', 'q quits, ? helps'],
    ['$0 top --once', 'one frame, for a mail or a log'],
  ],
  run: async ({ once, socket }, context) =>
    withDaemon({ socket, env: context.env }, async (client) =>
      !once && isTerminal(context) ? live(client, context) : single(client, context),
    ),
};

/** One that moves its cursor: TERM=dumb does not. */
const isTerminal = ({ format, stdout, env }: Context): boolean =>
  format === 'text' && stdout.isTTY === true && env['TERM'] !== undefined && env['TERM'] !== 'dumb';

async function live(client: Client, { colors, env }: Context): Promise<CommandResult> {
  const { runTop } = await import('../top/run-top.js');
  const { glyphsFor } = await import('../top/glyphs.js');
  await runTop(client, { input: process.stdin, output: process.stdout }, { colors, glyphs: glyphsFor(env) });
  return { exitCode: ExitCode.done };
}

const WIDTH = 100;

async function single(client: Client, { colors, stdout, env }: Context): Promise<CommandResult> {
  const { renderTop } = await import('../top/render-top.js');
  const { glyphsFor } = await import('../top/glyphs.js');
  const { lookAtDaemon, recentEvents } = await import('../top/poll-daemon.js');
  const { EMPTY_STATE } = await import('../top/top-state.js');
  const [view, events] = await Promise.all([lookAtDaemon(client), recentEvents(client)]);
  const look = { columns: stdout.columns ?? WIDTH, rows: null, colors, glyphs: glyphsFor(env) };
  const { lines } = renderTop({ ...EMPTY_STATE, ...view, events, nowMs: Date.now() }, look);
  const text = lines.map((line) => line.trimEnd()).join('\n');
  return { exitCode: ExitCode.done, json: view.status, text };
}
