import { ProcFile } from '../support/proc-file.js';
import { type CgroupPlace, parseCgroups } from './cgroup-path.js';
import { parseQemuArguments, type QemuArguments } from './command-line.js';
import { locateSockets } from './monitor-sockets.js';
import { type ProcStat, parseProcStat, readProcessStat, readProcFile } from './proc-files.js';

/** Looks at a process in which its owner is read; after that only in every tenth: QEMU gives up root (`-runas`) when it starts. */
const LOOKS_AT_YOUNG_OWNER = 5;
const LOOKS_BETWEEN_OWNERS = 10;

/** A QEMU process that is followed: what cannot change is read once, of the rest the files stay open. */
export class GuestProcess {
  readonly pid: number;
  readonly executable: string;
  readonly startTime: bigint;
  readonly commandLine: readonly string[];
  readonly claims: QemuArguments;
  readonly qmpSockets: readonly string[];
  readonly #procRoot: string;
  readonly #statFile: ProcFile;
  readonly #cgroupFile: ProcFile;
  readonly #program: string;
  #statText = '';
  #stat: ProcStat | null = null;
  #cgroupText = '';
  #place: CgroupPlace = parseCgroups('');
  #uid: number | null = null;
  #looks = 0;

  private constructor(
    procRoot: string,
    pid: number,
    executable: string,
    commandLine: readonly string[],
    stat: ProcStat,
    files: { readonly stat: ProcFile; readonly cgroup: ProcFile },
  ) {
    this.#procRoot = procRoot;
    this.pid = pid;
    this.executable = executable;
    this.startTime = stat.startTime;
    this.#program = programOf(stat);
    this.commandLine = commandLine;
    this.claims = parseQemuArguments(commandLine);
    this.qmpSockets = locateSockets(procRoot, pid, this.claims.monitorPaths);
    this.#statFile = files.stat;
    this.#cgroupFile = files.cgroup;
  }

  /** Null when it has ended, or is only being made. */
  static open(procRoot: string, pid: number, executable: string): GuestProcess | null {
    const [stat, cgroup] = [open(procRoot, pid, 'stat'), open(procRoot, pid, 'cgroup')];
    const commandLine = readProcFile(`${procRoot}/${pid}/cmdline`);
    const now = readProcessStat(procRoot, pid);
    if (stat && cgroup && commandLine && now) {
      const words = commandLine.replace(/\0$/, '').split('\0');
      return new GuestProcess(procRoot, pid, executable, words, now, { stat, cgroup });
    }
    stat?.close();
    cgroup?.close();
    return null;
  }

  /** Null once it has ended or executed another program, and whenever it cannot be told whether it has. */
  look(): ProcStat | null {
    if (!this.#statFile.read()) return null;
    const text = this.#statFile.text();
    if (text !== this.#statText) {
      this.#statText = text;
      this.#stat = parseProcStat(text);
    }
    const stat = this.#stat;
    return stat?.startTime === this.startTime && programOf(stat) === this.#program ? stat : null;
  }

  /** Where it is and whose; null when it has ended. The same object while it stays there. */
  place(): { readonly cgroups: CgroupPlace; readonly uid: number } | null {
    if (!this.#cgroupFile.read()) return null;
    const text = this.#cgroupFile.text();
    if (text !== this.#cgroupText) [this.#cgroupText, this.#place] = [text, parseCgroups(text)];
    if (this.#looks < LOOKS_AT_YOUNG_OWNER || this.#looks % LOOKS_BETWEEN_OWNERS === 0)
      this.#uid = this.#readUid();
    this.#looks += 1;
    return this.#uid === null ? null : { cgroups: this.#place, uid: this.#uid };
  }

  close(): void {
    this.#statFile.close();
    this.#cgroupFile.close();
  }

  #readUid(): number | null {
    const status = readProcFile(`${this.#procRoot}/${this.pid}/status`) ?? '';
    const uid = /\nUid:\t(\d+)/.exec(status)?.[1];
    return uid === undefined ? null : Number(uid);
  }
}

const open = (procRoot: string, pid: number, name: string): ProcFile | null =>
  ProcFile.open(`${procRoot}/${pid}/${name}`);

const programOf = ({ comm, program }: ProcStat): string => `${comm} ${program}`;
