import { spawnSync } from 'node:child_process';

const MOST_ID = 2 ** 32 - 2;

/** The number of a user or group by its name, or written as a number; null: this machine knows none of that name. */
export function accountId(kind: 'passwd' | 'group', name: string): number | null {
  if (/^\d{1,10}$/.test(name)) return Number(name) <= MOST_ID ? Number(name) : null;
  // Not from /etc: names may come from a directory service (man 5 nsswitch.conf).
  const { stdout, status } = spawnSync('getent', [kind, '--', name], { encoding: 'utf8' });
  const id = status === 0 ? /^[^:]*:[^:]*:(\d+):/.exec(stdout)?.[1] : undefined;
  return id === undefined ? null : Number(id);
}
