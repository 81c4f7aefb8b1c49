import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where the daemon keeps its socket, lock and journal: VMC_RUNTIME_DIR, else /run/vmc for root, else vmc in the user's
 * runtime directory.
 */
export function runtimeDirectory(
  env: Environment = process.env,
  uid: number = process.getuid?.() ?? 0,
): string {
  const given = env['VMC_RUNTIME_DIR'];
  if (given) return given;
  return uid === 0 ? '/run/vmc' : join(env['XDG_RUNTIME_DIR'] ?? join(tmpdir(), `vmc-${uid}`), 'vmc');
}

/**
 * Name of the cgroup that all guests are gathered under: VMC_SLICE, for a daemon beside that of the host, else vmc.slice.
 * Throws an EINVAL error for what is no name of a directory.
 */
export function sliceName(env: Environment = process.env): string {
  const name = env['VMC_SLICE'] || 'vmc.slice';
  if (/^\w[\w.-]*$/.test(name)) return name;
  throw Object.assign(
    new Error(`VMC_SLICE is '${name}': a slice is named by letters, digits, '.', '_' and '-'`),
    {
      code: 'EINVAL',
    },
  );
}

/** Where the daemon listens: VMC_SOCKET, else vmcd.sock in the {@link runtimeDirectory}. */
export function socketPath(env: Environment = process.env, uid: number = process.getuid?.() ?? 0): string {
  return env['VMC_SOCKET'] || join(runtimeDirectory(env, uid), 'vmcd.sock');
}

/** Where a client looks: the daemon of its own user, and where there is none that of the whole host. */
export function clientSocketPath(
  env: Environment = process.env,
  uid: number = process.getuid?.() ?? 0,
): string {
  const own = socketPath(env, uid);
  const ofHost = socketPath({}, 0);
  const chosen = env['VMC_SOCKET'] || env['VMC_RUNTIME_DIR'] || existsSync(own) || !existsSync(ofHost);
  return chosen ? own : ofHost;
}
