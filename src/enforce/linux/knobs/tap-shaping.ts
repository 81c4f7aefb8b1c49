import { createHash } from 'node:crypto';

/** One line of `tc -j qdisc show`, as far as it is needed. */
export interface Qdisc {
  readonly kind: string;
  readonly handle: string;
  readonly device: string;
  readonly isRoot: boolean;
  /** Of a token bucket, bytes per second; null: of another kind. */
  readonly bytesPerSecond: number | null;
}

/** At the root of a device it is ours by this handle; networks.pl has it, too. */
const HANDLE = '7e3c:';
/** The kernel's own default has no handle: nobody has set it. */
const UNSET = '0:';
/** Packets may be as large as this without being dropped, whatever the rate. */
const LEAST_BURST = 16_384;
/** At high rates a bucket holds what comes in so long, s: timers are no finer on a busy machine. */
const BURST_SECONDS = 0.02;
/** Packets wait at most so long, s, before they are dropped; so many bytes may wait in any case. */
const QUEUE_SECONDS = 0.2;
const LEAST_QUEUE = 65_536;

/** What a tap device's two directions are at present. */
export interface TapState {
  /** To the guest: bytes per second of ours, `foreign` where somebody else shapes it, null where nobody does. */
  readonly download: number | 'foreign' | null;
  readonly upload: number | 'foreign' | null;
}

/** Reads what `tc -j qdisc show` prints; throws a SyntaxError where it is no JSON. */
export function parseQdiscs(text: string): readonly Qdisc[] {
  const entries: unknown = text.trim() === '' ? [] : JSON.parse(text);
  return (Array.isArray(entries) ? entries : []).map(({ kind, handle, dev, root, options }) => ({
    kind: String(kind),
    handle: String(handle),
    device: String(dev),
    isRoot: root === true,
    bytesPerSecond: kind === 'tbf' && typeof options?.rate === 'number' ? options.rate : null,
  }));
}

/**
 * The device through which what a guest sends is led, to wait there as what it receives waits at the tap: a device queues only
 * what it sends. Named after the tap, within the 15 characters that a name may have.
 */
export const uploadDevice = (tap: string): string =>
  `vmc-${createHash('sha256').update(tap).digest('hex').slice(0, 10)}`;

export function tapState(qdiscs: readonly Qdisc[], tap: string): TapState {
  const rateAt = (device: string) => {
    const root = qdiscs.find((one) => one.device === device && one.isRoot);
    if (!root || root.handle === UNSET) return null;
    return root.handle === HANDLE && root.bytesPerSecond !== null ? root.bytesPerSecond : 'foreign';
  };
  const ingress = qdiscs.some(
    ({ device, kind }) => device === tap && (kind === 'ingress' || kind === 'clsact'),
  );
  const through = uploadDevice(tap);
  const made = qdiscs.some(({ device }) => device === through);
  return {
    download: rateAt(tap),
    upload: ingress ? (made ? rateAt(through) : 'foreign') : null,
  };
}

/** `tc` counts bits, and rounds. */
export const isRate = (found: number | 'foreign' | null, wanted: number): boolean =>
  typeof found === 'number' && Math.abs(found - wanted) <= Math.max(1, wanted / 1000);

/** Line of `tc -batch` that shapes what a device sends. */
export function shapeLine(device: string, bytesPerSecond: number): string {
  const rate = Math.max(bytesPerSecond, 1);
  const burst = Math.ceil(Math.max(LEAST_BURST, rate * BURST_SECONDS));
  const queue = Math.ceil(burst + Math.max(LEAST_QUEUE, rate * QUEUE_SECONDS));
  return `qdisc replace dev ${device} root handle ${HANDLE} tbf rate ${rate * 8}bit burst ${burst} limit ${queue}`;
}

/** Lines of `tc -batch` that lead what a guest sends through the device for it. */
export const leadLines = (tap: string): readonly string[] => [
  `qdisc add dev ${tap} handle ffff: ingress`,
  `filter add dev ${tap} parent ffff: protocol all prio 1 u32 match u32 0 0 action mirred egress redirect dev ${uploadDevice(tap)}`,
];
