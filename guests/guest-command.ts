/** How a test guest is to be started; everything but the name has a default. */
export interface GuestOptions {
  /** `-name guest=NAME`; null starts it without `-name`. */
  readonly name: string | null;
  /** Offer a QMP socket at `qmp.sock` in the guest's directory. Default true. */
  readonly qmp?: boolean;
  /**
   * `debug-threads=on`: threads are named after the virtual CPUs. Default true; has no effect without a name.
   */
  readonly debugThreads?: boolean;
  /** Virtual CPUs, 1 by default. */
  readonly cpus?: number;
  /** One host thread for all virtual CPUs, or one for each (default). */
  readonly threads?: 'single' | 'multi';
  /** Confine it to these cores of the host from the start. */
  readonly taskset?: readonly number[];
  /** Start it in this network namespace of `ip netns` (needs root). */
  readonly networkNamespace?: string;
  /** Run as this user (needs root). */
  readonly user?: string;
  /** Give it a controlling terminal of its own; 'job': as a job of an interactive shell. Default false. */
  readonly terminal?: boolean | 'job';
  /** Default `qemu-system-x86_64` from the PATH. */
  readonly executable?: string;
  /** Appended to QEMU's command line. */
  readonly extraArguments?: readonly string[];
}

/** File names within a guest's private directory. */
export const GUEST_FILES = {
  image: 'boot.img',
  serial: 'serial.txt',
  qmp: 'qmp.sock',
  pid: 'pid',
} as const;

/** Numbers of the user that a guest is to run as. */
export interface Identity {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Command line that starts a guest whose files are in `directory`: the program, then its arguments. Each
 * program in it becomes the next, so the process id stays; only a terminal puts another process between.
 */
export function guestCommand(
  options: GuestOptions,
  directory: string,
  identity: Identity | null,
): readonly string[] {
  const pinned = options.taskset === undefined ? [] : ['taskset', '--cpu-list', options.taskset.join(',')];
  const { networkNamespace } = options;
  const entered =
    networkNamespace === undefined ? [] : ['nsenter', `--net=/run/netns/${networkNamespace}`, '--'];
  const command = [...entered, ...dieWithParent(identity), ...pinned, ...qemuCommand(options, directory)];
  if (!options.terminal) return command;
  // script(1) gives its child a session with a pseudo-terminal.
  const line = command.map(quote).join(' ');
  // What the shell does once its job has ended or, to its mind, stopped: it ends, and hangs up on the job.
  const shellCommand = `exec ${options.terminal === 'job' ? `bash --norc -i -c ${quote(`${line}; true`)}` : line}`;
  return [...dieWithParent(null), 'script', '--quiet', '--command', shellCommand, '/dev/null'];
}

function dieWithParent(identity: Identity | null): readonly string[] {
  const user = identity && ['--reuid', `${identity.uid}`, '--regid', `${identity.gid}`, '--clear-groups'];
  return ['setpriv', '--pdeathsig', 'KILL', ...(user ?? []), '--'];
}

function qemuCommand(options: GuestOptions, directory: string): readonly string[] {
  const { name, qmp = true, debugThreads = true, cpus = 1, threads = 'multi' } = options;
  const file = (kind: keyof typeof GUEST_FILES) => `${directory}/${GUEST_FILES[kind]}`;
  return [
    options.executable ?? 'qemu-system-x86_64',
    ...(name === null
      ? []
      : ['-name', `guest=${doubleCommas(name)},debug-threads=${debugThreads ? 'on' : 'off'}`]),
    ...['-machine', 'pc', '-m', '16M', '-smp', `${cpus}`, '-accel', `tcg,thread=${threads}`],
    ...['-nodefaults', '-no-user-config', '-no-reboot', '-display', 'none'],
    ...['-drive', `file=${doubleCommas(file('image'))},format=raw,if=ide`],
    ...['-serial', `file:${file('serial')}`],
    ...(qmp ? ['-qmp', `unix:${doubleCommas(file('qmp'))},server=on,wait=off`] : []),
    ...['-pidfile', file('pid')],
    ...(options.extraArguments ?? []),
  ];
}

/** A comma within a value of QEMU's option syntax is written twice. */
const doubleCommas = (value: string): string => value.replaceAll(',', ',,');

const quote = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
