import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  GuestUse,
  LedgerBatch,
  LedgerGuest,
  LedgerPromise,
  PromiseUse,
} from '../../../src/enforce/ledger/ledger-batch.js';
import { SLOT_MS } from '../../../src/enforce/ledger/ledger-batch.js';

export const ZONE = 'Europe/Berlin';
/** Monday 2026-11-23 00:00 in Berlin. */
export const MONDAY = Date.UTC(2026, 10, 22, 23);
const SECOND_NS = 1e9;

const directories: string[] = [];

/** A directory of a test's own; {@link removeDirectories} removes all of them. */
export function freshDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-ledger-'));
  directories.push(directory);
  return directory;
}

export function removeDirectories(): void {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
}

export const ledgerGuest = (name: string, others: Partial<LedgerGuest> = {}): LedgerGuest => ({
  key: `${name}-1`,
  name,
  user: 'alice',
  class: 'batch',
  ...others,
});

/** A guest that used half a core of a slot in which it was promised as much. */
export const guestUse = (others: Partial<GuestUse> = {}): GuestUse => ({
  guest: ledgerGuest('build'),
  mode: 'calm',
  elapsedNs: 10 * SECOND_NS,
  cpuNs: 5 * SECOND_NS,
  promisedNs: 5 * SECOND_NS,
  wantedNs: 6 * SECOND_NS,
  stoppedNs: 0,
  stoppedByUserNs: 0,
  longestGapNs: 4_000_000,
  ...others,
});

export const RESERVED: LedgerPromise = {
  guest: ledgerGuest('build'),
  mechanism: 'reservation',
  subject: 'class',
  class: 'batch',
  summary: '50ms every 100ms',
  unit: 'cores',
  bound: 'exactly',
  slackNs: 50_000_000,
  slackRatio: 0.01,
};

export const promiseUse = (others: Partial<PromiseUse> = {}): PromiseUse => ({
  promise: RESERVED,
  mode: 'calm',
  elapsedNs: 10 * SECOND_NS,
  promisedNs: 5 * SECOND_NS,
  deliveredNs: 5 * SECOND_NS,
  baseNs: 10 * SECOND_NS,
  misses: [],
  ...others,
});

export const batchAt = (atMs: number, others: Partial<LedgerBatch> = {}): LedgerBatch => ({
  atMs,
  untilMs: atMs + SLOT_MS,
  zone: ZONE,
  guests: [guestUse()],
  promises: [promiseUse()],
  budgets: [],
  ...others,
});
