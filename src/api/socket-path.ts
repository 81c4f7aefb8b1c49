import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Where the daemon listens and its clients look: VMC_SOCKET, else /run/vmc/vmcd.sock for root,
 * else vmc/vmcd.sock in the user's runtime directory.
 */
export function socketPath(
  env: Readonly<Record<string, string | undefined>> = process.env,
  uid: number = process.getuid?.() ?? 0,
): string {
  const given = env['VMC_SOCKET'];
  if (given) return given;
  if (uid === 0) return '/run/vmc/vmcd.sock';
  return join(env['XDG_RUNTIME_DIR'] ?? join(tmpdir(), `vmc-${uid}`), 'vmc', 'vmcd.sock');
}
