import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DaemonProcess } from '../demo/daemon-process.js';
import { OwnerLoad } from '../demo/owner-load.js';
import { startGuests } from '../demo/stage.js';
import type { StartedGuest } from '../guests/start-guest.js';
import { connect } from '../src/api/client.js';
import { colorsFor } from '../src/cli/colors.js';
import { renderConformance } from '../src/cli/render/ledger.js';
import type { ConformanceDocument } from '../src/enforce/ledger/ledger-schema.js';
import { packageRoot } from '../src/support/package-root.js';
import type { BenchOptions } from './bench-options.js';
import { type BenchRow, benchRow } from './bench-row.js';

const DEFAULT_MINUTES = 10;
const POLICY = join('bench', 'policies', 'workstation-two-cores.vmc');
const GUESTS = ['video', 'build-a', 'grid-1', 'grid-2', 'grid-3'];
const NS_PER_MS = 1e6;

/** What the owner does in turn, each for a fifth of the time: hogs, and whether he plays. */
const DAY = [
  { hogs: 0, gaming: false },
  { hogs: 4, gaming: false },
  { hogs: 1, gaming: true },
  { hogs: 8, gaming: true },
  { hogs: 2, gaming: false },
] as const;

/**
 * Ten minutes (`--minutes N`) of a workstation with busy guests of each class, an owner whose load changes and who plays at
 * times, and the real daemon: was every promise kept, and what was missed of the others, by cause. Needs root.
 */
export async function benchConformance({ minutes }: BenchOptions): Promise<readonly BenchRow[]> {
  const directory = mkdtempSync(join(tmpdir(), 'vmc-conformance-'));
  const before = { ...process.env };
  Object.assign(process.env, { VMC_RUNTIME_DIR: directory, VMC_STATE_DIR: join(directory, 'state') });
  const [owner, daemon] = [new OwnerLoad(), new DaemonProcess(connect())];
  let guests: readonly StartedGuest[] = [];
  try {
    guests = await startGuests(GUESTS.map((name) => ({ name })));
    await daemon.start(join(packageRoot(), POLICY));
    await live(daemon, owner, ((minutes ?? DEFAULT_MINUTES) * 60_000) / DAY.length);
    const document = await daemon.client.conformance();
    console.log(renderConformance(document, colorsFor('never', process.stdout, process.env)));
    return toRows(document);
  } finally {
    owner.stop();
    await daemon.stop();
    await Promise.all(guests.map((guest) => guest.stop()));
    Object.assign(process.env, { VMC_RUNTIME_DIR: '', VMC_STATE_DIR: '' }, before);
    rmSync(directory, { recursive: true, force: true });
  }
}

async function live(daemon: DaemonProcess, owner: OwnerLoad, partMs: number): Promise<void> {
  for (const { hogs, gaming } of DAY) {
    owner.stop();
    owner.start(hogs);
    await daemon.client.setSwitch('gaming', gaming);
    await delay(partMs);
    if (daemon.lost !== null) throw new Error(`vmcd was ${daemon.lost}`);
  }
}

function toRows({ promises }: ConformanceDocument): readonly BenchRow[] {
  const misses = promises.flatMap((one) => (one.kept ? [] : one.misses));
  const unexplained = misses.filter(({ cause }) => cause === 'unexplained');
  const modes = new Set(promises.map(({ mode }) => mode)).size;
  const missedMs = (all: typeof misses) => all.reduce((sum, { missedNs }) => sum + missedNs, 0) / NS_PER_MS;
  return [
    benchRow(`workstation: promises measured, in ${modes} modes`, promises.length, '', null),
    benchRow('workstation: promises not kept', promises.filter(({ kept }) => !kept).length, '', null),
    benchRow('workstation: missed, with its cause', missedMs(misses) - missedMs(unexplained), 'ms', null),
    benchRow('workstation: missed without a cause', missedMs(unexplained), 'ms', 0),
  ];
}
