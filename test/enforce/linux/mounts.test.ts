import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { coresOf } from '../../../src/enforce/linux/core-list.js';
import { linuxHostFacts } from '../../../src/enforce/linux/host-facts.js';
import { findCgroupMounts } from '../../../src/enforce/linux/mounts.js';

describe('where the cgroup hierarchies are', () => {
  let unified: string;

  beforeEach(() => {
    unified = mkdtempSync(join(tmpdir(), 'vmc-mounts-'));
  });
  afterEach(() => rmSync(unified, { recursive: true, force: true }));

  const v2 = (controllers: string): string => {
    writeFileSync(join(unified, 'cgroup.controllers'), `${controllers}\n`);
    return `cgroup2 ${unified} cgroup2 rw 0 0\n`;
  };
  const v1 = (controllers: string): string =>
    `cgroup /sys/fs/cgroup/${controllers} cgroup rw,relatime,${controllers} 0 0\n`;

  it('is the unified one where that has the cpu controller', () => {
    expect(findCgroupMounts(v2('cpuset cpu io'))).to.deep.equal({
      version: 2,
      cpu: unified,
      cpuset: unified,
    });
    expect(findCgroupMounts(v2('cpu io'))).to.deep.equal({ version: 2, cpu: unified, cpuset: null });
  });

  it('is version 1 where the unified one has no cpu controller', () => {
    expect(findCgroupMounts(v2('') + v1('cpu,cpuacct') + v1('cpuset') + v1('freezer'))).to.deep.equal({
      version: 1,
      cpu: '/sys/fs/cgroup/cpu,cpuacct',
      cpuset: '/sys/fs/cgroup/cpuset',
      freezer: '/sys/fs/cgroup/freezer',
      memory: null,
    });
    expect(findCgroupMounts(v1('cpu') + v1('memory'))).to.deep.include({ memory: '/sys/fs/cgroup/memory' });
  });

  it('is nowhere on a host without the cpu controller', () => {
    expect(findCgroupMounts('proc /proc proc rw 0 0\n')).to.deep.equal({ version: 0 });
    expect(findCgroupMounts(v1('memory'))).to.deep.equal({ version: 0 });
  });
});

describe('sets of cores as the kernel writes them', () => {
  it('are ranges and single cores', () => {
    expect(coresOf('0-2,5')).to.deep.equal([0, 1, 2, 5]);
    expect(coresOf('3\n')).to.deep.equal([3]);
    expect(coresOf('')).to.deep.equal([]);
  });
});

describe('the facts of this host', () => {
  it('are possible ones', () => {
    const facts = linuxHostFacts();
    expect(facts.cores).to.be.an('array').that.is.not.empty;
    expect(facts.memoryBytes).to.be.above(64 * 2 ** 20);
    expect(1e9 / facts.tickNs).to.be.within(24, 1200);
    expect(facts.deadlineLimit).to.be.within(0, 1);
    expect(facts.mechanisms).to.include('duty');
    expect(() => new Intl.DateTimeFormat('en', { timeZone: facts.timezone })).not.to.throw();
  });
});
