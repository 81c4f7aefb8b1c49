import { createRequire } from 'node:module';
import { constants } from 'node:os';
import { invariant } from '../../support/invariant.js';

/*
 * The few system calls that Node has no interface for, through koffi. Each returns its result, or -errno as the
 * kernel itself does: a refusal is an answer here, never an exception. Loaded on first use: koffi costs 5 ms.
 */

const NUMBERS: Readonly<Record<string, Readonly<Record<SyscallName, number>>>> = {
  x64: {
    sched_setattr: 314,
    sched_getattr: 315,
    sched_setaffinity: 203,
    sched_getaffinity: 204,
    pidfd_open: 434,
    pidfd_send_signal: 424,
    tgkill: 234,
    futex: 202,
    clock_gettime: 228,
    pipe2: 293,
    flock: 73,
  },
  arm64: {
    sched_setattr: 274,
    sched_getattr: 275,
    sched_setaffinity: 122,
    sched_getaffinity: 123,
    pidfd_open: 434,
    pidfd_send_signal: 424,
    tgkill: 131,
    futex: 98,
    clock_gettime: 113,
    pipe2: 59,
    flock: 32,
  },
};

type SyscallName =
  | 'sched_setattr'
  | 'sched_getattr'
  | 'sched_setaffinity'
  | 'sched_getaffinity'
  | 'pidfd_open'
  | 'pidfd_send_signal'
  | 'tgkill'
  | 'futex'
  | 'clock_gettime'
  | 'pipe2'
  | 'flock';

/** Arguments are 64-bit: integers, or a buffer for a pointer. */
type Argument = number | bigint | Buffer | null;
type Invoke = (...args: Argument[]) => number;

interface Binding {
  readonly numbers: Readonly<Record<SyscallName, number>>;
  /** The types of a call's arguments never change. */
  readonly byName: Map<SyscallName, Invoke>;
  readonly errno: () => number;
  readonly declare: (signature: string) => Invoke;
}

let binding: Binding | undefined;

function load(): Binding {
  if (binding) return binding;
  const numbers = NUMBERS[process.arch];
  invariant(numbers, `no table of system calls for ${process.arch}`);
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi').default;
  const libc = koffi.load(null);
  binding = {
    numbers,
    byName: new Map(),
    errno: () => koffi.errno(),
    declare: (signature) => libc.func(signature) as unknown as Invoke,
  };
  return binding;
}

/** Which arguments are pointers decides the C signature. */
function syscall(name: SyscallName, ...args: Argument[]): number {
  const loaded = load();
  let invoke = loaded.byName.get(name);
  if (!invoke) {
    const types = args.map((one) => (one === null || one instanceof Buffer ? 'uint8_t *' : 'long'));
    invoke = loaded.declare(`long syscall(${['long', ...types].join(', ')})`);
    loaded.byName.set(name, invoke);
  }
  const result = invoke(loaded.numbers[name], ...args);
  return result === -1 ? -loaded.errno() : Number(result);
}

/** Name of a negative result ("EBUSY"); "E123" for one that Node does not know. */
export function errnoName(result: number): string {
  const code = Math.abs(result);
  for (const [name, value] of Object.entries(constants.errno)) if (value === code) return name;
  return `E${code}`;
}

/** Writes `struct sched_attr` (man 2 sched_setattr) for the thread `tid` (0: the caller). 0 or -errno. */
export const schedSetattr = (tid: number, attributes: Buffer): number =>
  syscall('sched_setattr', tid, attributes, 0);

/** Reads `struct sched_attr` into `attributes`. 0 or -errno. */
export const schedGetattr = (tid: number, attributes: Buffer): number =>
  syscall('sched_getattr', tid, attributes, attributes.length, 0);

/** `mask`: one bit a core, little-endian. 0 or -errno. */
export const schedSetaffinity = (tid: number, mask: Buffer): number =>
  syscall('sched_setaffinity', tid, mask.length, mask);

/** Fills `mask`; answers the number of bytes written, or -errno. */
export const schedGetaffinity = (tid: number, mask: Buffer): number =>
  syscall('sched_getaffinity', tid, mask.length, mask);

/** A descriptor that names this very process, whatever becomes of its number; or -errno. */
export const pidfdOpen = (pid: number): number => syscall('pidfd_open', pid, 0);

/** 0 or -errno (ESRCH: it has ended). */
export const pidfdSendSignal = (pidfd: number, signal: number): number =>
  syscall('pidfd_send_signal', pidfd, signal, null, 0);

/** To one thread of a process, by numbers: for callers that know the process to live. 0 or -errno. */
export const tgkill = (pid: number, tid: number, signal: number): number =>
  syscall('tgkill', pid, tid, signal);

const FUTEX_PRIVATE = 128;
const FUTEX_WAKE = FUTEX_PRIVATE | 1;
/** With an absolute time, of the monotonic clock. */
const FUTEX_WAIT_BITSET = FUTEX_PRIVATE | 9;
const EVERY_BIT = 0xffff_ffff;

/**
 * Blocks the calling thread until the monotonic clock shows `untilNs` (-ETIMEDOUT), unless the 32 bits at `word`, in memory shared
 * by threads, are other than `seen` (-EAGAIN), or somebody changes them and calls {@link wakeAll} (0). `scratch`: 16 bytes, reused by the
 * caller. Unlike Atomics.wait it takes no lock that a thread of another class may hold.
 */
export function waitUntil(word: Buffer, seen: number, untilNs: bigint, scratch: Buffer): number {
  scratch.writeBigInt64LE(untilNs / 1_000_000_000n, 0);
  scratch.writeBigInt64LE(untilNs % 1_000_000_000n, 8);
  return syscall('futex', word, FUTEX_WAIT_BITSET, seen, scratch, null, EVERY_BIT);
}

/** Wakes whoever waits for `word` to change; answers how many, or -errno. */
export const wakeAll = (word: Buffer): number =>
  syscall('futex', word, FUTEX_WAKE, 0x7fff_ffff, null, null, 0);

/** CPUCLOCK_SCHED in the low bits of a clock id that names another process (man 3 clock_getcpuclockid). */
const CPU_CLOCK_OF_PROCESS = 2;

/** Fills `scratch` (16 bytes) with the CPU time of a process as struct timespec. 0 or -errno. */
export const readProcessCpuClock = (pid: number, scratch: Buffer): number =>
  syscall('clock_gettime', (~pid << 3) | CPU_CLOCK_OF_PROCESS, scratch);

const O_NONBLOCK = 0o4000;
const O_CLOEXEC = 0o2000000;

/** A pipe as plain descriptors, which threads can share: neither end blocks or is inherited. Or -errno. */
export function pipe(): { readonly readEnd: number; readonly writeEnd: number } | number {
  const ends = Buffer.alloc(8);
  const result = syscall('pipe2', ends, O_NONBLOCK | O_CLOEXEC);
  return result < 0 ? result : { readEnd: ends.readInt32LE(0), writeEnd: ends.readInt32LE(4) };
}

const LOCK_EX = 2;
const LOCK_NB = 4;
const LOCK_UN = 8;

/** Waits for the exclusive lock of an open file, or gives it up. 0 or -errno. */
export const lockFile = (descriptor: number): number => syscall('flock', descriptor, LOCK_EX);
/** The same without waiting: -EWOULDBLOCK while somebody else has it. */
export const tryLockFile = (descriptor: number): number => syscall('flock', descriptor, LOCK_EX | LOCK_NB);
export const unlockFile = (descriptor: number): number => syscall('flock', descriptor, LOCK_UN);
