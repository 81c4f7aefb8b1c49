import { readFileSync } from 'node:fs';
import { readAffinity, threadsOf } from '../../../../src/enforce/linux/affinity.js';
import { readSchedAttributes } from '../../../../src/enforce/linux/sched-attributes.js';
import { readTaskStat } from '../../../../src/enforce/linux/task-stat.js';
import { QmpClient } from '../../../../src/qemu/index.js';

/**
 * A guest as it must be again, line by line under a name: whether it is stopped, its session's nice value, and class, affinity
 * and cgroups of each thread.
 */
export function processState(pid: number): ReadonlyMap<string, string> {
  const stopped = readTaskStat(pid)?.state === 'T' ? 'stopped' : 'running';
  const lines = new Map([[`process ${pid}`, `${stopped}, ${contentOf(`/proc/${pid}/autogroup`)}`]]);
  for (const tid of threadsOf(pid)) {
    const attributes = readSchedAttributes(tid);
    if (typeof attributes === 'number') continue;
    const { policy, nice, priority } = attributes;
    const groups = contentOf(`/proc/${pid}/task/${tid}/cgroup`);
    lines.set(`thread ${tid}`, `${policy}/${nice}/${priority} on ${readAffinity(tid)} in ${groups}`);
  }
  return lines;
}

/** What is not as it was; threads that QEMU has started or ended meanwhile are its own affair. */
export function differences(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  return [...before].flatMap(([name, was]) => {
    const is = now.get(name) ?? (name.startsWith('thread') ? was : 'gone');
    return is === was ? [] : [`${name}: ${is}, not ${was}`];
  });
}

/** What its monitor says: run state and the limits of its drives. Not to be asked of a stopped process. */
export async function monitorState(socket: string): Promise<string> {
  const client = await QmpClient.connect(socket, { commandTimeoutMs: 2000 });
  try {
    const { status } = (await client.execute('query-status')) as { status: string };
    const drives = (await client.execute('query-block')) as readonly { inserted?: Record<string, unknown> }[];
    const limits = drives.flatMap(({ inserted = {} }) =>
      Object.entries(inserted).filter(([name]) => /^(bps|iops)/.test(name)),
    );
    return `${status} ${JSON.stringify(limits)}`;
  } finally {
    client.close();
  }
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim().replaceAll('\n', ' ');
  } catch {
    return 'none';
  }
}
