import { type Client, connect, DaemonError } from '../api/client.js';
import { clientSocketPath } from '../api/socket-path.js';
import type { Context } from './command.js';
import { refusal, usageError } from './command-error.js';
import type { SocketArguments } from './socket-option.js';

const HTTP_BAD_REQUEST = 400;

const HINTS: Readonly<Record<string, string | undefined>> = {
  NO_DAEMON: "start it: 'vmc enforce POLICY'",
  FORBIDDEN: 'the daemon answers its own user and the group of its socket: ask with sudo',
};

/** Asks the daemon; what it refuses becomes a refusal of the command (exit code 4), a bad request bad usage (3). */
export async function withDaemon<T>(
  { socket, env }: SocketArguments & Pick<Context, 'env'>,
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  const client = connect({ socket: socket ?? clientSocketPath(env) });
  try {
    return await ask(client);
  } catch (error) {
    if (!(error instanceof DaemonError)) throw error;
    if (error.status === HTTP_BAD_REQUEST) throw usageError(error.message);
    throw refusal(error.code, error.message, HINTS[error.code]);
  } finally {
    client.close();
  }
}
