import { type Client, DaemonError } from '../../api/client.js';
import type { Command } from '../command.js';
import { refusal } from '../command-error.js';
import { withDaemon } from '../daemon-client.js';
import { ExitCode } from '../exit-code.js';
import { renderGuest, renderStatus } from '../render/status.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

/** `vmc status [VM]`: what the daemon keeps, and how well. */
export const statusCommand: Command<SocketArguments & { vm: string | undefined }> = {
  usage: 'status [vm]',
  describe: 'The mode, the guests, promised against delivered; or all about one guest.',
  positionals: { vm: { describe: 'a guest, by name, pid or key' } },
  options: SOCKET_OPTION,
  examples: [
    ['$0 status', 'the whole host'],
    ['$0 status build-1 --format json', 'one guest, for a program'],
  ],
  run: async ({ vm, socket }, { colors, env }) =>
    withDaemon({ socket, env }, async (client) => {
      if (vm !== undefined) {
        const guest = await client.guest(vm).catch((error) => explain(error, vm, client));
        return { exitCode: ExitCode.done, json: guest, text: renderGuest(guest, colors) };
      }
      const status = await client.status();
      return { exitCode: ExitCode.done, json: status, text: renderStatus(status, colors) };
    }),
};

const HTTP_NOT_FOUND = 404;

/** Rethrows; where there is no such guest but a class of that name, the hint says which guests are in it. */
async function explain(error: unknown, name: string, client: Client): Promise<never> {
  if (!(error instanceof DaemonError) || error.status !== HTTP_NOT_FOUND) throw error;
  const [plan, guests] = await Promise.all([client.plan(), client.guests()]);
  if (!plan.classes.some((one) => one.name === name)) throw error;
  const members = guests
    .filter((guest) => guest.class === name)
    .map((guest) => `'${guest.name ?? guest.pid}'`)
    .join(', ');
  const hint = `'${name}' is a class of the policy, ${members === '' ? 'without a guest now' : `its guests: ${members}`}`;
  throw refusal(error.code, error.message, hint);
}
