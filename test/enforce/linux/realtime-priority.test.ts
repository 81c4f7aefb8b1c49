import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readLimit } from '../../../src/enforce/linux/process-limits.js';
import {
  hasGroupBandwidth,
  type RealtimeMeans,
  realtimePriority,
  realtimePriorityBy,
} from '../../../src/enforce/linux/realtime-priority.js';
import { readSchedAttributes } from '../../../src/enforce/linux/sched-attributes.js';

const ALL: RealtimeMeans = { most: 99, runtimeUs: 950_000, perGroup: false, granted: true };

describe('the real-time priority that guests may have', () => {
  it('leaves one above it for who stops them', () => {
    expect(realtimePriorityBy(ALL)).to.equal(98);
    expect(realtimePriorityBy({ ...ALL, most: Number.POSITIVE_INFINITY })).to.equal(98);
    expect(realtimePriorityBy({ ...ALL, most: 2 })).to.equal(1);
    expect(realtimePriorityBy({ ...ALL, runtimeUs: -1 })).to.equal(98);
  });

  it('is none where the user has no right, or the kernel no bandwidth, to any thread or to those in groups', () => {
    for (const lack of [{ most: 1 }, { most: 0 }, { runtimeUs: 0 }, { perGroup: true }, { granted: false }]) {
      expect(realtimePriorityBy({ ...ALL, ...lack }), JSON.stringify(lack)).to.equal(null);
    }
  });

  it('is none where new groups of cgroup v1 have no bandwidth', () => {
    const cpu = mkdtempSync(join(tmpdir(), 'vmc-cpu-'));
    const mounts = { version: 1, cpu, cpuset: null, freezer: null, memory: null } as const;
    expect(hasGroupBandwidth(mounts)).to.equal(false);
    writeFileSync(join(cpu, 'cpu.rt_runtime_us'), '950000\n');
    expect(hasGroupBandwidth(mounts)).to.equal(true);
    rmSync(cpu, { recursive: true });
  });

  it('is found out on a thread of our own, which is as before', () => {
    const before = readSchedAttributes(0);
    const priority = realtimePriority();
    expect(priority === null || (priority >= 1 && priority <= 98)).to.equal(true);
    expect(readSchedAttributes(0)).to.deep.equal(before);
  });
});

describe('limits of a process', () => {
  it('are numbers, infinite or unknown', () => {
    expect(readLimit('Max nice priority')).to.be.at.least(0);
    expect(readLimit('Max realtime timeout', 0)).to.equal(null);
  });
});
