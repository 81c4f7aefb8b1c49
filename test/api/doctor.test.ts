import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { type Check, DoctorSchema } from '../../src/api/doctor-schema.js';
import { SIGNALS } from '../../src/lang/signals.js';
import { packageRoot } from '../../src/support/package-root.js';
import { documentOf, vmc } from '../cli/vmc.js';
import { AsUser, userNamed } from '../enforce/linux/as-user.js';
import { buildPackage } from '../packaging/build-package.js';
import { requireRoot } from '../support/guests/require-qemu.js';
import { requireTestHost } from '../support/test-host/require-test-host.js';
import { bootTestHost, type TestHost } from '../support/test-host/test-host.js';

const CAPABILITIES = ['CAP_SYS_NICE', 'CAP_KILL', 'CAP_SYS_PTRACE', 'CAP_DAC_OVERRIDE', 'CAP_NET_ADMIN'];

const checksOf = (stdout: string): readonly Check[] => (JSON.parse(stdout) as { checks: Check[] }).checks;
const named = (checks: readonly Check[], name: string): Check => {
  const found = checks.find((check) => check.name === name);
  if (!found) throw new Error(`the doctor does not look at ${name}`);
  return found;
};

describe('vmc doctor', () => {
  it('answers as its schema has it, of every mechanism and every signal of the language', async () => {
    const answer = await vmc(['doctor', '--format', 'json']);
    expect(answer.exitCode).to.equal(0);
    const document = documentOf(answer);
    expect([...Value.Errors(DoctorSchema, document)]).to.deep.equal([]);
    const { checks } = document as { checks: Check[] };
    expect(checks.filter(({ kind }) => kind === 'sensor').map(({ name }) => name)).to.have.members([
      ...SIGNALS.keys(),
    ]);
    const names = [
      ...[
        'reservations',
        'real-time priority',
        'duty cycles',
        'cgroup',
        'cpuset',
        'freezer',
        'memory controller',
      ],
      'network limits',
    ];
    for (const name of names) expect(named(checks, name).kind).to.equal('mechanism');
    expect(
      checks.every(({ ok, fix }) => !ok || fix === null),
      'nothing to do for what is there',
    ).to.equal(true);
  });

  describe('for a user without rights', () => {
    let as: AsUser;
    before(function () {
      requireRoot(this, 'to be another user, and to grant');
    });
    beforeEach(() => {
      as = new AsUser(userNamed('games'));
    });
    afterEach(() => as.close());

    it('says of each capability how to run the daemon with it: that very command does it', async () => {
      const before = checksOf((await as.vmc('doctor', '--format', 'json')).stdout);
      const bin = join(packageRoot(), 'bin', 'vmc.cjs');
      for (const name of CAPABILITIES) {
        const { ok, fix } = named(before, name);
        expect(ok, name).to.equal(false);
        // As root there is no need for sudo, and the doctor in the daemon's place tells what that would have.
        const command = (fix ?? '')
          .replace(/^sudo /, '')
          .replace(/vmcd POLICY$/, `${bin} doctor --format json`);
        const env = { PATH: process.env['PATH'], VMC_RUNTIME_DIR: as.runtimeDirectory };
        const after = checksOf(execFileSync('sh', ['-c', command], { env, cwd: '/', encoding: 'utf8' }));
        expect(named(after, name).ok, command).to.equal(true);
        const others = CAPABILITIES.filter((other) => other !== name);
        expect(
          others.filter((other) => named(after, other).ok),
          'and nothing else',
        ).to.deep.equal([]);
      }
    });

    it('offers root’s unit where write access to cgroups is missing, and another place for the daemon’s files', async () => {
      const checks = checksOf((await as.vmc('doctor', '--format', 'json')).stdout);
      expect(named(checks, 'reservations').fix).to.contain('sys_nice');
      for (const name of ['cgroup', 'freezer']) {
        expect(named(checks, name).fix).to.contain('systemctl enable --now vmcd');
      }
      expect(named(checks, 'freezer').detail).to.contain('guests in a terminal, which run without any');
      expect(named(checks, 'runtime directory').ok).to.equal(true);
      chmodSync(as.runtimeDirectory, 0o777);
      const open = checksOf((await as.vmc('doctor', '--format', 'json')).stdout);
      expect(named(open, 'runtime directory').detail).to.contain('may be written by others');
    });
  });
});

const MOUNT_CPU_ALONE =
  'mount -t tmpfs none /sys/fs/cgroup && mkdir /sys/fs/cgroup/cpu && mount -t cgroup -o cpu none /sys/fs/cgroup/cpu';

describe('what vmc doctor has root do', function () {
  this.timeout(240_000);
  let directory: string;
  let host: TestHost;
  before(async function () {
    requireTestHost(this);
    directory = mkdtempSync(join(tmpdir(), 'vmc-doctor-'));
    execFileSync('dpkg-deb', ['--extract', buildPackage(directory), join(directory, 'root')]);
    host = await bootTestHost({ files: { vmc: { from: join(directory, 'root', 'usr', 'lib', 'vmc') } } });
  });
  after(async () => {
    await host?.stop();
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  });

  async function look(name: string): Promise<Check> {
    const command = ['node', '/project/vmc/bin/vmc.cjs', 'doctor', '--format', 'json'];
    const { stdout, stderr, exitCode } = await host.run(command, { timeoutMs: 120_000 });
    expect(exitCode, stderr).to.equal(0);
    return named(checksOf(stdout), name);
  }

  for (const [name, spoil] of [
    ['precise budgets', 'echo NO_HRTICK_DL > /sys/kernel/debug/sched/features'],
    ['reservations', 'echo 0 > /proc/sys/kernel/sched_rt_runtime_us'],
    ['real-time priority', 'echo 0 > /proc/sys/kernel/sched_rt_runtime_us'],
    ['cgroup', 'umount -l /sys/fs/cgroup'],
    // As a machine has it that was set up for cgroup v1 by hand.
    ['freezer', `umount /sys/fs/cgroup && ${MOUNT_CPU_ALONE}`],
  ] as const) {
    it(`cures ${name}`, async () => {
      await host.run(['sh', '-c', spoil]);
      const { ok, fix } = await look(name);
      expect(ok).to.equal(false);
      const { exitCode, stderr } = await host.run(['sh', '-c', fix ?? 'false']);
      expect(exitCode, `${fix}: ${stderr}`).to.equal(0);
      expect(await look(name)).to.include({ ok: true, fix: null });
    });
  }
});
