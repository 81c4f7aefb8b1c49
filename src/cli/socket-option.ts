import type { OptionSpec } from './command.js';

export interface SocketArguments {
  readonly socket?: string | undefined;
}

/** `--socket`, for every command that talks to the daemon. */
export const SOCKET_OPTION: Readonly<Record<'socket', OptionSpec>> = {
  socket: { type: 'string', describe: 'the daemon’s unix socket (default: $VMC_SOCKET, or the usual one)' },
};
