import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Guest } from '../../../qemu/guest.js';
import { readValue, writeValue, writeWeight } from '../cgroup-files.js';
import type { UndoRecord } from '../undo-record.js';
import type { GroupTool } from './group-tool.js';
import { type GroupState, WEIGHTS } from './own-group-files.js';

const US_PER_NS = 1000n;
const FILES = {
  1: ['cpu.shares', 'cpu.cfs_quota_us', 'cpu.cfs_period_us'],
  2: ['cpu.weight', 'cpu.idle', 'cpu.max'],
} as const;

/** Cgroups that nobody manages: their files, which have the same names as those of ours. */
export class DirectTool implements GroupTool {
  constructor(
    private readonly version: 1 | 2,
    private readonly directory: string,
  ) {}

  remember(_guest: Guest): Promise<readonly UndoRecord[]> {
    const records = FILES[this.version].flatMap((name): UndoRecord[] => {
      const file = join(this.directory, name);
      const content = readValue(file);
      // An idle group has no weight to go back to: it reads 0 and takes none.
      return content === null || (name === 'cpu.weight' && content === '0')
        ? []
        : [{ operation: 'write', file, content }];
    });
    return Promise.resolve(records);
  }

  async apply(_guest: Guest, { weight, quota }: GroupState, before: readonly UndoRecord[]): Promise<void> {
    const asBefore = (...names: readonly string[]): void => {
      for (const undo of [...before].reverse()) {
        if (undo.operation !== 'write' || !existsSync(undo.file)) continue;
        if (names.some((name) => undo.file.endsWith(`/${name}`))) writeValue(undo.file, undo.content);
      }
    };
    if (weight === null) asBefore('cpu.shares', 'cpu.idle', 'cpu.weight');
    else writeWeight(this.directory, WEIGHTS[this.version], weight);
    if (quota === null) asBefore('cpu.cfs_quota_us', 'cpu.cfs_period_us', 'cpu.max');
    else this.#limit(`${quota.quotaNs / US_PER_NS}`, `${quota.periodNs / US_PER_NS}`);
  }

  #limit(quotaUs: string, periodUs: string): void {
    if (this.version === 2) {
      writeValue(join(this.directory, 'cpu.max'), `${quotaUs} ${periodUs}`);
      return;
    }
    // Lifted first: a longer period with the old quota could pass below the kernel's least ratio.
    writeValue(join(this.directory, 'cpu.cfs_quota_us'), '-1');
    writeValue(join(this.directory, 'cpu.cfs_period_us'), periodUs);
    writeValue(join(this.directory, 'cpu.cfs_quota_us'), quotaUs);
  }
}
