import type { FileHandle } from 'node:fs/promises';

/** How far a guest that runs a counter image has got. */
export interface GuestProgress {
  /**
   * Units of work done when it wrote its latest line (see `counterImage`); behind the truth by less than a
   * line.
   */
  readonly units: bigint;
  /** Timer interrupts by then; null for an image without a timer. */
  readonly ticks: bigint | null;
  /** CLOCK_MONOTONIC when the line was read, ns. */
  readonly atNs: bigint;
}

/** Enough for two of the longest lines, so that one complete line is among them. */
const TAIL_BYTES = 64;

/**
 * Reads the latest complete line of a guest's serial output; null before the first one. The file takes
 * whatever the guest writes, so a guest never waits for its reader, and one read costs the same however much
 * was written.
 */
export async function readProgress(serial: FileHandle): Promise<GuestProgress | null> {
  const { size } = await serial.stat();
  const start = Math.max(0, size - TAIL_BYTES);
  const { bytesRead, buffer } = await serial.read(Buffer.alloc(TAIL_BYTES), 0, TAIL_BYTES, start);
  const atNs = process.hrtime.bigint();
  const line = lastLine(buffer.toString('latin1', 0, bytesRead));
  return line === null ? null : { ...line, atNs };
}

/** The latest complete line in some tail of the serial output; null when there is none. */
export function lastLine(tail: string): Pick<GuestProgress, 'units' | 'ticks'> | null {
  const lines = [...tail.matchAll(/(?<![0-9a-f ])([0-9a-f]{8})(?: ([0-9a-f]{8}))?\n/g)];
  const [, units, ticks] = lines.at(-1) ?? [];
  if (units === undefined) return null;
  return { units: BigInt(`0x${units}`), ticks: ticks === undefined ? null : BigInt(`0x${ticks}`) };
}
