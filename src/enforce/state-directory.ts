import { homedir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where root's are. */
export const STATE_OF_HOST = '/var/lib/vmc';

/**
 * Where is kept what outlives a daemon and the machine's being switched off: VMC_STATE_DIR, else /var/lib/vmc for root, else
 * vmc in XDG_STATE_HOME or ~/.local/state.
 */
export const stateDirectory = (
  env: Environment = process.env,
  uid: number = process.getuid?.() ?? 0,
): string => env['VMC_STATE_DIR'] || (uid === 0 ? STATE_OF_HOST : stateOfUser(env));

const stateOfUser = (env: Environment): string =>
  join(env['XDG_STATE_HOME'] || join(env['HOME'] || homedir(), '.local', 'state'), 'vmc');
