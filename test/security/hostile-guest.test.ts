import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type StartedGuest, startGuest } from '../../guests/start-guest.js';
import { colorsFor } from '../../src/cli/colors.js';
import { renderStatus } from '../../src/cli/render/status.js';
import { compile } from '../../src/compiler/index.js';
import { classify, NO_ASSIGNMENT } from '../../src/enforce/classify.js';
import { linuxHostFacts } from '../../src/enforce/linux/host-facts.js';
import { parseQemuArguments } from '../../src/qemu/command-line.js';
import { GuestScanner } from '../../src/qemu/guest-scanner.js';
import { status } from '../api/fake-services.js';
import { requireQemu, requireRoot } from '../support/guests/require-qemu.js';
import { until } from '../support/guests/until.js';

const TITLE = '\u001b]0;owned\u0007\u001b[8m\nroot';

describe('a hostile guest', () => {
  it('does not join a class of another user’s by its name', async function () {
    requireQemu(this);
    requireRoot(this, 'to be two users');
    let mine: StartedGuest | undefined;
    let forged: StartedGuest | undefined;
    try {
      mine = await startGuest({ name: 'video', user: 'games' });
      forged = await startGuest({ name: 'video', user: 'man' });
      const pids = [mine.pid, forged.pid];
      const text = 'vm video { match name "video" and user "games"  vcpus 1 }\nrun video 100ms every 500ms\n';
      const { plan } = compile({ file: 'p.vmc', text }, linuxHostFacts(), { degrade: true });
      if (!plan) throw new Error('the policy has no plan');
      const guests = (await new GuestScanner().scan()).filter(({ pid }) => pids.includes(pid));
      const { classified } = classify(plan, NO_ASSIGNMENT, guests);
      const classOf = (pid: number) => classified.find(({ guest }) => guest.pid === pid)?.class;
      expect(pids.map(classOf)).to.deep.equal(['video', null]);
    } finally {
      await Promise.all([mine?.stop(), forged?.stop()]);
    }
  });

  it('is not what calls itself QEMU, in whatever directory it lies', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'vmc-forged-'));
    const program = join(directory, 'qemu-system-x86_64');
    copyFileSync('/bin/sleep', program);
    const child = spawn(program, ['600'], { argv0: '/usr/bin/qemu-system-x86_64', stdio: 'ignore' });
    try {
      await until(() => child.pid !== undefined);
      expect((await new GuestScanner().scan()).map(({ pid }) => pid)).not.to.include(child.pid);
    } finally {
      child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    }
  });

  it('has a command line read in time that grows with its length, whatever is in it', () => {
    const timeOf = (words: readonly string[]): number => {
      const began = process.hrtime.bigint();
      parseQemuArguments(['qemu', ...words]);
      return Number(process.hrtime.bigint() - began) / 1e6;
    };
    const chardevs = (count: number) =>
      Array.from({ length: count }, (_, i) => ['-chardev', `socket,id=c${i},path=/p${i},server=on`]).flat();
    const monitors = (count: number) =>
      Array.from({ length: count }, (_, i) => ['-mon', `chardev=c${i},mode=control`]).flat();
    for (const make of [
      (size: number) => ['-name', `guest=${','.repeat(size * 20)}`],
      (size: number) => Array.from({ length: size }, () => '-qmp'),
      (size: number) => [...chardevs(size), ...monitors(size)],
    ]) {
      timeOf(make(1_000));
      // The quickest of several: the machine does other things, too.
      const quickest = (words: readonly string[]) => Math.min(...[1, 2, 3].map(() => timeOf(words)));
      const [once, tenfold] = [quickest(make(2_000)), quickest(make(20_000))];
      expect(tenfold, String(make)).to.be.below(40 * Math.max(once, 1));
    }
  });

  it('cannot command the terminal of who looks at it', () => {
    const [guest] = status.guests;
    if (!guest) throw new Error('a status without guests shows nothing');
    const shown = renderStatus(
      { ...status, guests: [{ ...guest, name: TITLE }] },
      colorsFor('never', { write: () => true }, {}),
    );
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
    expect(shown).not.to.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(shown.split('\n').filter((line) => line.startsWith('root'))).to.deep.equal([]);
  });
});
