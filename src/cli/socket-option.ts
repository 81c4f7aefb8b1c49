import type { Argv } from 'yargs';

export interface SocketArguments {
  readonly socket?: string | undefined;
}

/** `--socket`, for every command that talks to the daemon. */
export const socketOption = <T>(yargs: Argv<T>): Argv<T & SocketArguments> =>
  yargs.option('socket', {
    type: 'string',
    describe: 'the daemon’s unix socket (default: $VMC_SOCKET, or the usual one)',
  });
