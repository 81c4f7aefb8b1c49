import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type StartedGuest, startGuest } from '../../../../guests/start-guest.js';
import { threadsOf } from '../../../../src/enforce/linux/affinity.js';
import { bootId } from '../../../../src/enforce/linux/boot-id.js';
import { releaseNow } from '../../../../src/enforce/linux/guardian.js';
import { FileJournal } from '../../../../src/enforce/linux/journal.js';
import { PriorityKnob } from '../../../../src/enforce/linux/knobs/priority-knob.js';
import {
  deadlineAttributes,
  fifoAttributes,
  NORMAL,
  readSchedAttributes,
  SCHED_FIFO,
  SCHED_NORMAL,
  type SchedAttributes,
  writeSchedAttributes,
} from '../../../../src/enforce/linux/sched-attributes.js';
import type { Guest } from '../../../../src/qemu/guest.js';
import { scanGuests } from '../../../../src/qemu/index.js';
import { requireQemu } from '../../../support/guests/require-qemu.js';
import { skipBecause } from '../../../support/skip-because.js';

const ONE = { knob: 'priority', priority: 1 } as const;

describe('real-time priority of a guest', () => {
  let directory: string;
  let journal: FileJournal;
  let started: StartedGuest;
  let guest: Guest;
  let timed = true;
  let knob: PriorityKnob;

  beforeEach(async function () {
    requireQemu(this);
    started = await startGuest({ name: 'raised' });
    // Root's threads in the root group may have it whatever else there is: this is about threads, not about groups.
    const result = writeSchedAttributes(started.pid, fifoAttributes(1));
    if (result < 0) {
      await started.stop();
      skipBecause(this, 'needs CAP_SYS_NICE, and real-time bandwidth in this cgroup');
    }
    writeSchedAttributes(started.pid, NORMAL);
    const found = (await scanGuests()).find(({ pid }) => pid === started.pid);
    if (!found) throw new Error('the guest was not found');
    guest = found;
    directory = mkdtempSync(join(tmpdir(), 'vmc-priority-'));
    journal = new FileJournal(join(directory, 'journal'), bootId());
    journal.open();
    timed = true;
    knob = new PriorityKnob(journal, () => timed);
  });

  afterEach(async () => {
    if (directory === undefined) return;
    await started.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const attributesOf = (tid: number): SchedAttributes => readSchedAttributes(tid) as SchedAttributes;
  const policies = () =>
    [guest.pid, ...guest.vcpus.map(({ tid }) => tid)].map((tid) => attributesOf(tid).policy);

  async function refusalOf(action: Promise<void>): Promise<string> {
    return action.then(
      () => 'none',
      (error: Error & { code: string }) => `${error.code} ${error.message}`,
    );
  }

  it('is that of its virtual CPUs and its main loop, whose children are ordinary, and is given back', async () => {
    const before = policies();
    const others = threadsOf(guest.pid).length;
    await knob.set(guest, ONE);
    expect(knob.observe(guest)).to.deep.equal(ONE);
    expect(policies()).to.deep.equal([SCHED_FIFO, SCHED_FIFO]);
    expect(attributesOf(guest.pid)).to.include({ priority: 1, resetOnFork: true });
    expect(threadsOf(guest.pid).filter((tid) => attributesOf(tid).policy === SCHED_FIFO)).to.have.length(2);
    expect(others).to.be.at.least(2);
    await knob.set(guest, ONE);
    expect(journal.pending(), 'each thread once').to.have.length(2);
    await knob.unset(guest);
    expect(policies()).to.deep.equal(before);
    expect(attributesOf(guest.pid).resetOnFork).to.equal(false);
    expect(knob.observe(guest)).to.equal(null);
    expect(journal.pending()).to.deep.equal([]);
  });

  it('is set again where somebody took it from a thread, and given back as it was before', async () => {
    const [vcpu] = guest.vcpus;
    const tid = vcpu?.tid ?? 0;
    writeSchedAttributes(tid, { ...NORMAL, nice: 5 });
    await knob.set(guest, ONE);
    writeSchedAttributes(tid, NORMAL);
    expect(knob.observe(guest)).to.deep.equal({ knob: 'priority', priority: 0 });
    await knob.set(guest, ONE);
    expect(knob.observe(guest)).to.deep.equal(ONE);
    await knob.unset(guest);
    expect(attributesOf(tid)).to.include({ policy: SCHED_NORMAL, nice: 5 });
  });

  it('is given back by the guardian, and then not taken for set', async () => {
    await knob.set(guest, ONE);
    expect(releaseNow(journal.file, () => {})).to.equal(true);
    expect(policies()).to.deep.equal([SCHED_NORMAL, SCHED_NORMAL]);
    journal.close();
    journal.open();
    expect(knob.observe(guest)).to.equal(null);
  });

  it('is refused to a guest that no timetable stops, or that the kernel would end for it, with nothing changed', async () => {
    timed = false;
    expect(await refusalOf(knob.set(guest, ONE))).to.match(/^ENOTSUP no timetable/);
    timed = true;
    execFileSync('prlimit', ['--pid', `${guest.pid}`, '--rttime=200000']);
    expect(await refusalOf(knob.set(guest, ONE))).to.match(/^ENOTSUP its RLIMIT_RTTIME is 200000 us/);
    expect(policies()).to.deep.equal([SCHED_NORMAL, SCHED_NORMAL]);
    expect(journal.pending()).to.deep.equal([]);
  });

  it('is refused as a whole where one thread holds a reservation, which stays', async function () {
    const tid = guest.vcpus[0]?.tid ?? 0;
    if (writeSchedAttributes(tid, deadlineAttributes(5_000_000n, 100_000_000n)) < 0)
      skipBecause(this, 'no deadline bandwidth is free');
    expect(await refusalOf(knob.set(guest, ONE))).to.match(/^ENOTSUP thread \d+ holds a reservation/);
    expect(attributesOf(guest.pid).policy).to.equal(SCHED_NORMAL);
    expect(attributesOf(tid).runtimeNs).to.equal(5_000_000n);
    expect(journal.pending()).to.deep.equal([]);
    // The process ends with its class: nothing leaks.
  });
});
