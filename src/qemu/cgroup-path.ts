/** Where a process is in the hierarchies that matter here. */
export interface CgroupPlace {
  /** Path in the hierarchy of the cpu controller, of v2 where that has it; "/" for the root. */
  readonly cgroup: string;
  /**
   * The system manager's unit it belongs to ("session-2.scope", "machine-qemu\x2d1\x2dvideo.scope"), null
   * outside one.
   */
  readonly unit: string | null;
}

/**
 * Reads the text of /proc/PID/cgroup (cgroups(7)): lines `ID:CONTROLLERS:PATH`, the unified hierarchy's as
 * `0::PATH`.
 */
export function parseCgroups(text: string): CgroupPlace {
  let unified: string | undefined;
  let cpu: string | undefined;
  let systemd: string | undefined;
  for (const line of text.split('\n')) {
    const [, id, controllers, path] = /^(\d+):([^:]*):(.*)$/.exec(line) ?? [];
    if (controllers === undefined) continue;
    const names = controllers.split(',');
    if (id === '0' && controllers === '') unified = path;
    if (names.includes('cpu')) cpu = path;
    if (names.includes('name=systemd')) systemd = path;
  }
  return { cgroup: cpu ?? unified ?? '/', unit: systemUnit(systemd ?? unified ?? '/') };
}

/**
 * The first part of the path below the slices, if it is a unit's name. A part further down, as that of a
 * service in a user's own manager, is whatever the user chose to call it, so it vouches for nothing.
 */
function systemUnit(path: string): string | null {
  const part = path.split('/').find((name) => name !== '' && !name.endsWith('.slice'));
  return part !== undefined && /\.(?:service|scope)$/.test(part) ? part : null;
}
