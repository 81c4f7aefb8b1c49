import type { SettingOfKnob } from './guest-knob.js';

const MIB = 2 ** 20;
const PAGE = 4096;
/** QEMU itself: its code and heap, device models, buffers of drives and networks. */
const QEMU_BYTES = 256 * MIB;
/** Page tables and bookkeeping: one part of so many of the guest's memory. */
const BOOKKEEPING_PART = 64;
/** Without KVM: the translated code, an eighth of the host's memory, up to this (QEMU's accel/tcg/region.c). */
const MOST_TRANSLATED_BYTES = 1024 * MIB;
const TRANSLATED_PART = 8;
/** A limit is not set closer than this to what a guest uses now: it must not be ended by its being set. */
const SLACK_BYTES = 64 * MIB;
/** A balloon counts in pages, and drivers round. */
const BALLOON_ROUNDING_BYTES = MIB;

export interface QemuProcess {
  readonly usesKvm: boolean;
  /** Memory of the host. */
  readonly hostBytes: number;
}

/** What a QEMU process takes, at most, beyond so much memory of its guest. */
export function overheadBytes(guestBytes: number, { usesKvm, hostBytes }: QemuProcess): number {
  const translated = usesKvm ? 0 : Math.min(MOST_TRANSLATED_BYTES, hostBytes / TRANSLATED_PART);
  return Math.ceil(QEMU_BYTES + guestBytes / BOOKKEEPING_PART + translated);
}

/** The limit of the cgroup that the setting comes to in the end. */
export function wantedLimit(
  { ceilingBytes, floorBytes }: SettingOfKnob<'memory'>,
  process: QemuProcess,
): number {
  const guestBytes = Math.max(ceilingBytes ?? 0, floorBytes ?? 0);
  return guestBytes + overheadBytes(guestBytes, process);
}

/** What the balloon is asked to leave a guest: never more than its user left it, never less than is promised. */
export function balloonTarget(
  { ceilingBytes, floorBytes }: SettingOfKnob<'memory'>,
  beforeBytes: number,
): number {
  const ceiling = Math.max(ceilingBytes ?? beforeBytes, floorBytes ?? 0, BALLOON_ROUNDING_BYTES);
  return Math.min(ceiling, beforeBytes);
}

export const hasFollowed = (balloonBytes: number, targetBytes: number): boolean =>
  balloonBytes <= targetBytes + BALLOON_ROUNDING_BYTES;

/** The limit that may be set now on the way to the one that is wanted, in whole pages. */
export const nextLimit = (wantedBytes: number, usedBytes: number): number =>
  Math.ceil(Math.max(wantedBytes, usedBytes + SLACK_BYTES) / PAGE) * PAGE;

/** Whether the way to the limit that is wanted has an end where a guest uses so much. */
export const isTight = (limitBytes: number, wantedBytes: number): boolean =>
  limitBytes <= Math.ceil(wantedBytes / PAGE) * PAGE;
