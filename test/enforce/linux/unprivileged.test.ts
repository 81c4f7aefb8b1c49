import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type StartedGuest, startGuest } from '../../../guests/start-guest.js';
import { DaemonLock, lockOfHost } from '../../../src/enforce/linux/daemon-lock.js';
import { freeDeadlineBandwidth } from '../../../src/enforce/linux/host-facts.js';
import type { Status } from '../../../src/enforce/status.js';
import { requireQemu, requireRoot } from '../../support/guests/require-qemu.js';
import { until } from '../../support/guests/until.js';
import { AsUser, type Capability, userNamed } from './as-user.js';
import { elapse, stateOf, untilBandwidthIs } from './real-host.js';

const SEEN_FOR_MS = 1500;
/** What the guardian promises. */
const RUNNING_AGAIN_MS = 1000;

/** The daemon of a user who is nobody, beside guests of another one; and what single capabilities add. */
describe('a daemon without privileges', () => {
  const [me, another] = [userNamed('games'), userNamed('man')];
  let directory = '';
  let mine: StartedGuest;
  let theirs: StartedGuest;
  let as: AsUser;

  before(async function () {
    requireRoot(this, 'to be two other users');
    requireQemu(this);
    directory = mkdtempSync(join(tmpdir(), 'vmc-policies-'));
    chmodSync(directory, 0o755);
    [mine, theirs] = await Promise.all([
      startGuest({ name: 'mine', user: me.name }),
      startGuest({ name: 'theirs', user: another.name }),
    ]);
  });
  after(async () => {
    await Promise.all([mine?.stop(), theirs?.stop()]);
    if (directory !== '') rmSync(directory, { recursive: true, force: true });
  });
  afterEach(() => as?.close());

  const policyOf = (...sentences: readonly string[]): string => {
    const file = join(directory, 'policy.vmc');
    const classes = [
      `vm mine { match name "mine" and user "${me.name}"  vcpus 1 }`,
      `vm theirs { match name "theirs" and user "${another.name}"  vcpus 1 }`,
    ];
    writeFileSync(file, [...classes, ...sentences, ''].join('\n'));
    return file;
  };
  const CYCLES = ['run mine 100ms every 500ms', 'run theirs 100ms every 500ms'];

  /** The first status in which `settled` holds. */
  async function govern(
    capabilities: readonly Capability[],
    sentences: readonly string[],
    settled: (status: Status) => boolean,
  ): Promise<Status> {
    as = new AsUser(me, capabilities);
    as.startDaemon(policyOf(...sentences));
    const client = as.connect();
    try {
      return await until(async () => {
        if (as.daemon.exitCode !== null) throw new Error(`the daemon ended: ${as.log}`);
        const status = await client.status().catch(() => null);
        return status && settled(status) ? status : null;
      });
    } finally {
      client.close();
    }
  }

  const guestNamed = (status: Status, name: string) => status.guests.find((guest) => guest.name === name);
  const inForce = (name: string) => (status: Status) =>
    guestNamed(status, name)?.controls.every((control) => control.inForce) ?? false;
  const finding = (status: Status, code: string) => status.findings.find((one) => one.code === code);

  /** The states in which a process was seen meanwhile. */
  async function statesOf(pid: number, forMs: number): Promise<ReadonlySet<string>> {
    const states = new Set<string>();
    for (const end = Date.now() + forMs; Date.now() < end; await elapse(3))
      states.add(stateOf(pid) ?? 'gone');
    return states;
  }

  const nothingHeld = () => until(() => stateOf(mine.pid) !== 'T', RUNNING_AGAIN_MS);
  const processesOf = (uid: number): readonly string[] =>
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          const status = readFileSync(`/proc/${pid}/status`, 'utf8');
          return new RegExp(`^Uid:\\t${uid}\\t`, 'm').test(status)
            ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')]
            : [];
        } catch {
          return [];
        }
      })
      .filter((commandLine) => !commandLine.includes('qemu'));

  it('keeps duty cycles on its user’s own guests, and leaves all others alone', async () => {
    const status = await govern([], CYCLES, inForce('mine'));
    expect(status.guests.map(({ pid }) => pid)).to.deep.equal([mine.pid]);
    const hidden = finding(status, 'hidden-guests');
    expect(hidden?.message).to.contain(`${theirs.pid}`).and.contain('CAP_SYS_PTRACE');
    const [mineSeen, theirsSeen] = await Promise.all([
      statesOf(mine.pid, SEEN_FOR_MS),
      statesOf(theirs.pid, SEEN_FOR_MS),
    ]);
    expect(mineSeen).to.include('T');
    expect(theirsSeen).not.to.include('T');
    const client = as.connect();
    const measured = guestNamed(await client.status(), 'mine')?.controls[0]?.measure;
    client.close();
    expect(measured?.deliveredInMode).to.be.closeTo(0.2, 0.05);
  });

  it('keeps its files where, and so that, nobody else gets at them', async () => {
    await govern([], CYCLES, inForce('mine'));
    const modeOf = (path: string) => statSync(path).mode & 0o777;
    expect(modeOf(as.runtimeDirectory)).to.equal(0o700);
    expect(modeOf(as.journal)).to.equal(0o600);
    expect(modeOf(as.socket)).to.equal(0o660);
    expect(
      readdirSync(as.runtimeDirectory).map((name) => statSync(join(as.runtimeDirectory, name)).uid),
    ).to.satisfy((owners: readonly number[]) => owners.every((uid) => uid === me.uid));
  });

  it('is planned for what it may do: what it may not is left out, with a warning that says why', async () => {
    await govern([], ['run mine 100ms every 500ms', 'reserve theirs 10ms every 100ms'], inForce('mine'));
    expect(as.log).to.contain('VMC5008').and.contain('vmc doctor');
    const { stdout } = await as.vmc('facts', '--format', 'json');
    expect(JSON.parse(stdout)).to.deep.include({
      deadlineLimit: 0,
      mechanisms: ['share', 'duty', 'placement'],
    });
  });

  it('gives everything back on release, and leaves no process and no file but its directory', async () => {
    await govern([], ['pause mine'], inForce('mine'));
    await until(() => stateOf(mine.pid) === 'T');
    const ended = once(as.daemon, 'exit');
    const { exitCode, stdout } = await as.vmc('release');
    expect({ exitCode, stdout }).to.deep.equal({
      exitCode: 0,
      stdout: 'the daemon gave everything back and ends\n',
    });
    expect(stateOf(mine.pid)).not.to.equal('T');
    expect(await ended).to.deep.equal([0, null]);
    expect(existsSync(as.journal)).to.equal(false);
    expect(existsSync(as.socket)).to.equal(false);
    await until(() => processesOf(me.uid).length === 0).catch(() =>
      expect(processesOf(me.uid)).to.deep.equal([]),
    );
  });

  it('lets its guests run again when it is killed', async () => {
    await govern([], ['pause mine'], inForce('mine'));
    await until(() => stateOf(mine.pid) === 'T');
    as.daemon.kill('SIGKILL');
    await nothingHeld();
    await until(() => !existsSync(as.journal));
    await until(() => processesOf(me.uid).length === 0);
  });

  it('does not start beside the daemon of the host', async () => {
    const lock = new DaemonLock(lockOfHost());
    lock.acquire();
    try {
      as = new AsUser(me);
      const child = as.startDaemon(policyOf(...CYCLES));
      expect(await once(child, 'exit')).to.deep.equal([4, null]);
      expect(as.log).to.contain(`another vmc daemon (pid ${process.pid}) governs this host`);
    } finally {
      lock.release();
    }
  });

  describe('with CAP_SYS_PTRACE', () => {
    it('sees the guests of others, and says of each that it may not stop it', async () => {
      const status = await govern(['sys_ptrace'], CYCLES, inForce('mine'));
      const key = guestNamed(status, 'theirs')?.key;
      expect(key).not.to.equal(undefined);
      expect(finding(status, 'hidden-guests')).to.equal(undefined);
      expect(finding(status, 'guest-of-another-user')).to.include({ subject: key });
      expect(finding(status, 'guest-of-another-user')?.message).to.contain('CAP_KILL');
      expect(await statesOf(theirs.pid, SEEN_FOR_MS)).not.to.include('T');
    });

    it('and CAP_KILL keeps their duty cycles, too', async () => {
      const status = await govern(['sys_ptrace', 'kill'], CYCLES, (one) =>
        ['mine', 'theirs'].every((name) => inForce(name)(one)),
      );
      expect(finding(status, 'guest-of-another-user')).to.equal(undefined);
      await until(() => stateOf(theirs.pid) === 'T');
      as.daemon.kill('SIGKILL');
      await until(() => stateOf(theirs.pid) !== 'T', RUNNING_AGAIN_MS);
      await until(() => !existsSync(as.journal));
    });

    it('and CAP_DAC_OVERRIDE reaches their monitors', async () => {
      const infoWith = async (...capabilities: Capability[]) => {
        as = new AsUser(me, capabilities);
        try {
          return await as.vmc('vm', 'info', 'theirs', '--format', 'json');
        } finally {
          await as.close();
        }
      };
      expect((await infoWith('sys_ptrace')).exitCode).to.equal(4);
      const { stdout, exitCode } = await infoWith('sys_ptrace', 'dac_override');
      expect(exitCode).to.equal(0);
      expect(JSON.parse(stdout)).to.include({ pid: theirs.pid, status: 'running' });
    });
  });

  it('with CAP_KILL alone still recognises nobody else’s guests', async () => {
    const status = await govern(['kill'], CYCLES, inForce('mine'));
    expect(status.guests.map(({ pid }) => pid)).to.deep.equal([mine.pid]);
  });

  it('with CAP_SYS_NICE keeps reservations, on any core, and gives their bandwidth back when it is killed', async () => {
    const free = await freeDeadlineBandwidth();
    const status = await govern(['sys_nice'], ['reserve mine 10ms every 100ms'], inForce('mine'));
    const control = guestNamed(status, 'mine')?.controls[0];
    expect(control?.setting.mechanism).to.equal('reservation');
    as.daemon.kill('SIGKILL');
    await until(() => !existsSync(as.journal));
    await untilBandwidthIs(free);
  });
});
