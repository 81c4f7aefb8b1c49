import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../../api/listening-socket.js';
import { runtimeDirectory, sliceName, socketPath } from '../../api/socket-path.js';
import type { Command, CommandResult } from '../command.js';
import { refusal } from '../command-error.js';
import { withDaemon } from '../daemon-client.js';
import { ExitCode } from '../exit-code.js';
import { SOCKET_OPTION, type SocketArguments } from '../socket-option.js';

/** `vmc release`: everything back as it was, through the daemon, or from what one left in its journal. */
export const releaseCommand: Command<SocketArguments> = {
  usage: 'release',
  describe: 'Give everything back: a running daemon ends, what a dead one left is undone.',
  positionals: {},
  options: SOCKET_OPTION,
  examples: [['$0 release', 'all guests as if vmc had never been there']],
  run: async ({ socket }, { env }) => {
    const path = socket ?? socketPath(env);
    if (!(await isAlive(path))) return releaseJournal(env);
    await withDaemon({ socket: path, env }, (client) => client.release());
    return released('the daemon gave everything back and ends');
  },
};

async function releaseJournal(env: Readonly<Record<string, string | undefined>>): Promise<CommandResult> {
  const { releaseNow } = await import('../../enforce/linux/guardian.js');
  const file = join(runtimeDirectory(env), 'journal');
  if (!existsSync(file)) return released('nothing was held');
  await refuseBesideDaemon(env, file);
  const complaints: string[] = [];
  if (releaseNow(file, (text) => complaints.push(text))) return released('what a daemon left is given back');
  const hint = 'run it as the user that the daemon ran as; what could not be given back stays on record';
  throw refusal('INCOMPLETE', `not everything could be given back: ${complaints.join('; ')}`, hint);
}

/** What a living daemon holds it gives back itself; what another one left is not undone underneath it. */
async function refuseBesideDaemon(
  env: Readonly<Record<string, string | undefined>>,
  journal: string,
): Promise<void> {
  const { lockFileOf, lockHolder } = await import('../../enforce/linux/daemon-lock.js');
  const { livingOwner } = await import('../../enforce/linux/journal.js');
  const holder = lockHolder(lockFileOf(runtimeDirectory(env), sliceName(env)));
  const pid = holder?.pid ?? livingOwner(journal);
  if (holder === null && pid === null) return;
  throw refusal(
    'RUNNING',
    `a daemon (pid ${pid ?? 'unknown'}) governs this host, and listens elsewhere`,
    pid === null ? 'name its socket with --socket' : `--socket, or 'kill ${pid}'`,
  );
}

const released = (text: string): CommandResult => ({
  exitCode: ExitCode.done,
  json: { released: text },
  text,
});
