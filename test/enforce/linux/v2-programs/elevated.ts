import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Action, Outcome } from '../../../../src/enforce/host.js';
import { threadsOf } from '../../../../src/enforce/linux/affinity.js';
import { LinuxHost } from '../../../../src/enforce/linux/linux-host.js';
import { readSchedAttributes } from '../../../../src/enforce/linux/sched-attributes.js';
import { GuestScanner } from '../../../../src/qemu/guest-scanner.js';
import {
  cgroupOf,
  MS,
  measureUntil,
  near,
  report,
  reset,
  startHog,
  startProcess,
  startTestGuest,
  type TestGuest,
  until,
} from './machine.js';

/* Real-time priority in the times of a timetable, on the real host: until its daemon is killed. */

const STATE = '/run/vmc-elevated';
const [PLAIN, RAISED] = ['/tmp/plain.json', '/tmp/raised.json'];
const GO_ON = '/tmp/go-on';
const TIMETABLE = { hyperperiodNs: 500n * MS, windows: [{ startNs: 0n, endNs: 300n * MS }] };

/**
 * The daemon: duty cycle first, then, when it is told to, the priority. Again, as a daemon does, where the guardian took a
 * moment's standstill of this machine for its end and gave everything back.
 */
async function govern(): Promise<void> {
  const scanner = new GuestScanner({ monitorBudgetMs: 10_000 });
  const host = new LinuxHost({
    stateDirectory: STATE,
    scan: () => scanner.scan(),
    onEvent: (message) => console.error(message),
  });
  const { realtimePriority } = await host.facts();
  await host.start();
  const [seen] = (await host.observe()).guests;
  if (seen === undefined) throw new Error('no guest was found');
  const { key } = seen.guest;
  const timetable = {
    hyperperiodNs: TIMETABLE.hyperperiodNs,
    entries: [{ guest: key, windows: TIMETABLE.windows }],
  };
  for (;;) {
    const plain: readonly Action[] = [
      { kind: 'create-group', path: ['class'] },
      { kind: 'gather', guest: key, path: ['class'] },
      { kind: 'set-timetable', timetable },
    ];
    const raise: Action = { kind: 'set-knob', guest: key, setting: { knob: 'priority', priority: 1 } };
    const isToBeRaised = existsSync(GO_ON);
    const outcomes: Outcome[] = [];
    for (const action of [...plain, ...(isToBeRaised ? [raise] : [])]) outcomes.push(await host.act(action));
    const [{ settings, group } = seen] = (await host.observe()).guests;
    if (outcomes.every(({ ok }) => ok) && group !== null) {
      const { scheduling } = host.lateness();
      const found = isToBeRaised ? { settings, scheduling } : { realtimePriority };
      writeFileSync(isToBeRaised ? RAISED : PLAIN, JSON.stringify(found));
    } else console.error(outcomes);
    await delay(200);
  }
}

/** Class and priority of the threads that are raised, and of all others that are not ordinary. */
function classes({ process, vcpus }: TestGuest): object {
  const classOf = (tid: number): readonly number[] => {
    const attributes = readSchedAttributes(tid);
    return typeof attributes === 'number' ? [attributes] : [attributes.policy, attributes.priority];
  };
  const named = [process.id, ...vcpus.map(({ id }) => id)];
  return {
    vcpu: classOf(vcpus[0]?.id ?? 0),
    main: classOf(process.id),
    others: threadsOf(process.id).filter((tid) => !named.includes(tid) && classOf(tid)[0] !== 0),
  };
}

const foundIn = (file: string): object => JSON.parse(readFileSync(file, 'utf8'));

async function elevated(): Promise<object> {
  const guest = await startTestGuest('guest');
  const daemon = startProcess(['node', '/project/elevated.mjs', 'govern']);
  await until('the guest has its times', () => existsSync(PLAIN), 120_000);
  for (let hog = 0; hog < 4; hog++) startHog();
  const [ordinary] = (await measureUntil(guest.vcpus, 2, ([rate = 1]) => rate < 0.5)).rates;
  writeFileSync(GO_ON, '');
  await until('the guest is raised', () => existsSync(RAISED), 120_000);
  const during = classes(guest);
  const [rate] = (await measureUntil(guest.vcpus, 3, ([one = 0]) => near(one, 0.6, 0.1))).rates;
  const group = cgroupOf(guest.process);
  process.kill(daemon.id, 'SIGKILL');
  await until('its journal is gone', () => !existsSync(`${STATE}/journal`));
  const after = classes(guest);
  const journalLeft = existsSync(`${STATE}/journal`);
  return { ...foundIn(PLAIN), ...foundIn(RAISED), ordinary, rate, group, during, after, journalLeft };
}

if (process.argv[2] === 'govern') {
  await govern();
} else {
  try {
    report(await elevated());
  } finally {
    await reset();
  }
}
