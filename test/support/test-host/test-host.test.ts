import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { until } from '../guests/until.js';
import { requireTestHost } from './require-test-host.js';
import { bootTestHost, type TestHost } from './test-host.js';

describe('test host', function () {
  this.timeout(120_000);
  let host: TestHost;

  before(async function () {
    requireTestHost(this);
    host = await bootTestHost({ files: { 'notes/hello.txt': 'from outside\n' } });
  });
  after(() => host?.stop());

  it('is a machine of its own, with a kernel of its own and the files that it was given', async () => {
    const { stdout } = await host.run(['sh', '-c', 'uname -r; cat /project/notes/hello.txt; hostname']);
    expect(stdout).to.equal(`${host.kernelRelease}\nfrom outside\ntest-host\n`);
  });

  it('has the programs of this machine: Node, Perl, QEMU', async () => {
    expect((await host.run(['node', '--version'])).stdout.trim()).to.equal(process.version);
    expect((await host.run(['perl', '-e', 'print 6 * 7'])).stdout).to.equal('42');
    expect((await host.run(['qemu-system-x86_64', '--version'])).stdout).to.contain('QEMU emulator');
  });

  it('answers with output, errors and the exit code, and takes input and environment', async () => {
    const script = 'read line; echo "$line $WORD"; echo trouble >&2; exit 3';
    const result = await host.run(['sh', '-c', script], { stdin: 'some\n', env: { WORD: 'words' } });
    expect(result).to.deep.equal({ stdout: 'some words\n', stderr: 'trouble\n', exitCode: 3, signal: null });
  });

  it('passes on large outputs of commands that run at the same time whole', async () => {
    const outputs = await Promise.all(
      [1, 2].map((digit) => host.run(['sh', '-c', `yes ${digit} | head -c 300000`])),
    );
    expect(outputs.map(({ stdout }) => stdout)).to.deep.equal([1, 2].map((d) => `${d}\n`.repeat(150_000)));
  });

  it('ends what takes too long, with all that it started', async () => {
    const late = host.run(['sh', '-c', 'sleep 4321 & sleep 4321'], { timeoutMs: 500 });
    expect(await late.catch((error: Error) => error.message)).to.contain('did not end within 500 ms');
    await until(async () => {
      const { stdout } = await host.run(['ps', '-o', 'args']);
      return !stdout.includes('sleep 4321');
    });
  });

  it('says so when a program does not exist', async () => {
    const outcome = await host.run(['no-such-program']).catch((error: Error) => error.message);
    expect(outcome).to.contain('ENOENT');
  });

  it('shares nothing with another that runs at the same time, and mounts cgroup v1 where asked', async () => {
    const other = await bootTestHost({ cgroup: 'v1' });
    try {
      await host.run(['touch', '/mine']);
      expect((await other.run(['ls', '/'])).stdout.split('\n')).not.to.include('mine');
      expect((await other.run(['cat', '/sys/fs/cgroup/cpu/cpu.shares'])).stdout).to.equal('1024\n');
      expect((await host.run(['cat', '/sys/fs/cgroup/cgroup.controllers'])).stdout).to.match(
        /\bcpuset cpu\b/,
      );
    } finally {
      await other.stop();
      await other.stop();
    }
  });

  it('is run by systemd where asked, with a message bus, and libvirt ready to be started', async function () {
    this.timeout(300_000);
    const other = await bootTestHost({ init: 'systemd' });
    try {
      const script =
        'cat /proc/1/comm; systemctl is-system-running --wait; busctl --acquired list | grep -o systemd1 | head -n 1';
      expect((await other.run(['sh', '-c', script])).stdout).to.equal('systemd\nrunning\nsystemd1\n');
      const unit = ['systemd-run', '--quiet', '--wait', '--slice=mine.slice', '--unit=probe'];
      await other.run([...unit, 'sh', '-c', 'cat /proc/self/cgroup >/tmp/where; echo spoken']);
      expect((await other.run(['cat', '/tmp/where'])).stdout).to.equal('0::/mine.slice/probe.service\n');
      expect(other.consoleLog()).to.contain('spoken');
      expect((await other.run(['systemctl', 'is-active', 'libvirtd'])).stdout).to.equal('inactive\n');
      expect((await other.run(['virsh', '--version'])).stdout).to.match(/^\d+\./);
    } finally {
      await other.stop();
    }
  });

  it("tells with the console's last lines why one does not come up", async () => {
    const outcome = await bootTestHost({ kernelArguments: ['rdinit=/nowhere'] }).catch(
      (error: Error) => error.message,
    );
    expect(outcome).to.contain('did not come up').and.to.contain('Kernel panic');
  });

  it('goes away with the process that booted it, however that one ends', async () => {
    const module = fileURLToPath(new URL('./test-host.ts', import.meta.url));
    const program = `import { bootTestHost } from ${JSON.stringify(module)};
      console.log((await bootTestHost()).pid);`;
    const scratch = mkdtempSync(join(tmpdir(), 'test-host-parent-'));
    try {
      const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
        env: { ...process.env, TMPDIR: scratch },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(child.stdout, 'data');
      const pid = Number(String(line));
      expect(existsSync(`/proc/${pid}`)).to.equal(true);
      child.kill('SIGKILL');
      await until(() => !existsSync(`/proc/${pid}`));
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  });
});
