import type { EnforcerEvent } from '../../enforce/status.js';
import type { Command, Context } from '../command.js';
import { ExitCode } from '../exit-code.js';
import { askLedgerFile, askPast, instantOf } from '../past.js';
import { renderEvent } from '../render/event.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';
import { untilInterrupted } from '../until-interrupted.js';

type Arguments = SocketArguments & { follow: boolean; since: string | undefined };

/** Of a ledger's file, at most so many. */
const MOST = 100_000;

/** `vmc events [-f] [--since TIME]`: what happened, over restarts of the daemon, and with `-f` what happens. */
export const eventsCommand: Command<Arguments> = {
  usage: 'events',
  describe:
    'What happened: modes and why they changed, guests, findings, switches. Without a daemon, from its ledger.',
  positionals: {},
  options: {
    ...SOCKET_OPTION,
    follow: { type: 'boolean', alias: 'f', default: false, describe: 'go on with what happens, until ^C' },
    since: { type: 'string', describe: "'2026-11-23', '2026-11-23 10:00', or '2h': so long ago" },
  },
  examples: [
    ['$0 events --since 1h', 'the last hour'],
    ['$0 events -f --format json', 'one object a line, for a program'],
  ],
  run: async ({ follow, since, socket }, context) => {
    const { env } = context;
    const sinceMs = instantOf('since', since);
    if (follow) return followEvents(sinceMs, socket, context);
    const events = await askPast(
      { socket, env },
      async (client) => {
        const all: EnforcerEvent[] = [];
        for await (const event of client.events({ follow: false, sinceMs: sinceMs ?? 0 })) all.push(event);
        return all;
      },
      () => askLedgerFile(env, { kind: 'events', after: 0, sinceMs: sinceMs ?? 0, most: MOST }),
    );
    const text = events.map((event) => renderEvent(event, context.colors)).join('\n');
    return { exitCode: ExitCode.done, json: { events }, text };
  },
};

/** Written as they come, a line each. */
async function followEvents(sinceMs: number | null, socket: string | undefined, context: Context) {
  const { withDaemon } = await import('../daemon-client.js');
  const { format, stdout, env, colors } = context;
  await untilInterrupted((signal) =>
    withDaemon({ socket, env }, async (client) => {
      for await (const event of client.events({ signal, ...(sinceMs !== null && { sinceMs }) })) {
        stdout.write(`${format === 'json' ? JSON.stringify(event) : renderEvent(event, colors)}\n`);
      }
    }),
  );
  return { exitCode: ExitCode.done };
}
