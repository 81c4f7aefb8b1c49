import { readValue } from './cgroup-files.js';

/** Where the hierarchies that vmc uses are mounted. Version 0: no cpu controller anywhere. */
export type CgroupMounts =
  | { readonly version: 0 }
  | {
      readonly version: 1;
      readonly cpu: string;
      readonly cpuset: string | null;
      readonly freezer: string | null;
      readonly memory: string | null;
    }
  /** Its freezer is part of every group. */
  | { readonly version: 2; readonly cpu: string; readonly cpuset: string | null };

/** From /proc/self/mounts. The v2 hierarchy counts when its root offers the cpu controller; else v1's. */
export function findCgroupMounts(mounts = readValue('/proc/self/mounts') ?? ''): CgroupMounts {
  const v1 = new Map<string, string>();
  let unified: string | null = null;
  for (const line of mounts.split('\n')) {
    const [, point, type, options = ''] = line.split(' ');
    if (point === undefined) continue;
    const path = point.replace(/\\040/g, ' ');
    if (type === 'cgroup2') unified ??= path;
    if (type === 'cgroup') for (const option of options.split(',')) if (!v1.has(option)) v1.set(option, path);
  }
  const controllers = unified === null ? [] : (readValue(`${unified}/cgroup.controllers`) ?? '').split(' ');
  if (unified !== null && controllers.includes('cpu')) {
    return { version: 2, cpu: unified, cpuset: controllers.includes('cpuset') ? unified : null };
  }
  const cpu = v1.get('cpu');
  if (cpu === undefined) return { version: 0 };
  const at = (controller: string) => v1.get(controller) ?? null;
  return { version: 1, cpu, cpuset: at('cpuset'), freezer: at('freezer'), memory: at('memory') };
}
