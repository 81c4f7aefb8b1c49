import type { Command } from '../command.js';
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
        const guest = await client.guest(vm);
        return { exitCode: ExitCode.done, json: guest, text: renderGuest(guest, colors) };
      }
      const status = await client.status();
      return { exitCode: ExitCode.done, json: status, text: renderStatus(status, colors) };
    }),
};
