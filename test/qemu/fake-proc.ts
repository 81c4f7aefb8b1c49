import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeThread {
  readonly comm?: string;
  readonly startTime?: number;
}

export interface FakeProcess {
  /** Target of its `exe` link; null: none, as for a kernel thread or a zombie. */
  readonly exe?: string | null;
  readonly comm?: string;
  readonly state?: string;
  readonly terminal?: number;
  readonly startTime?: number;
  readonly uid?: number;
  readonly commandLine?: readonly string[];
  readonly cgroup?: string;
  readonly cwd?: string;
  readonly threads?: Readonly<Record<number, FakeThread>>;
}

/**
 * A directory that looks like /proc where it is read, for what real processes do too rarely: reused pids
 * above all.
 */
export class FakeProc {
  readonly root = mkdtempSync(join(tmpdir(), 'vmc-proc-'));

  /** Puts a process there, in place of whatever has the pid. */
  set(pid: number, fake: FakeProcess = {}): void {
    this.remove(pid);
    const directory = join(this.root, `${pid}`);
    mkdirSync(directory);
    const { exe = '/usr/bin/qemu-system-x86_64', cwd, comm = 'qemu-system-x86', uid = 0 } = fake;
    if (exe !== null) symlinkSync(exe, join(directory, 'exe'));
    if (cwd !== undefined) symlinkSync(cwd, join(directory, 'cwd'));
    const files = {
      stat: statLine(pid, fake),
      cmdline: (fake.commandLine ?? [exe ?? '']).map((word) => `${word}\0`).join(''),
      cgroup: fake.cgroup ?? '0::/\n',
      status: `Name:\t${comm.replaceAll('\n', '\\n')}\nUid:\t${uid}\t0\t0\t0\nGid:\t0\t0\t0\t0\n`,
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
    for (const [tid, thread] of Object.entries({ [pid]: { comm }, ...fake.threads })) {
      this.#setThread(directory, Number(tid), { startTime: fake.startTime ?? 1000, ...thread });
    }
  }

  /** Takes a process away, with what is open of it: as of /proc, nothing more can be read of one that has ended. */
  remove(pid: number): void {
    const directory = join(this.root, `${pid}`);
    if (!existsSync(directory)) return;
    for (const file of readdirSync(directory, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) truncateSync(join(file.parentPath, file.name));
    }
    rmSync(directory, { recursive: true });
  }

  removeFile(pid: number, name: string): void {
    rmSync(join(this.root, `${pid}`, name), { recursive: true });
  }

  end(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #setThread(directory: string, tid: number, thread: FakeThread): void {
    const path = join(directory, 'task', `${tid}`);
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'comm'), `${thread.comm ?? 'qemu-system-x86'}\n`);
    writeFileSync(join(path, 'stat'), statLine(tid, thread));
    writeFileSync(join(path, 'schedstat'), '1000 200 3\n');
  }
}

function statLine(id: number, fake: FakeProcess & FakeThread): string {
  const { comm = 'qemu-system-x86', state = 'S', terminal = 0, startTime = 1000 } = fake;
  // Fields 8 to 13: tpgid, flags, and four counts of page faults.
  const between = '0 0 0 0 0 0';
  return `${id} (${comm}) ${state} 1 1 1 ${terminal} ${between} 7 5 0 0 20 0 4 0 ${startTime} 0 0\n`;
}
