import { bootId } from '../../../../src/enforce/linux/boot-id.js';
import { freezerBrake } from '../../../../src/enforce/linux/brake.js';
import { CgroupV2 } from '../../../../src/enforce/linux/cgroup-v2.js';
import type { TaskId } from '../../../../src/enforce/linux/cgroups.js';
import { FreezerV2 } from '../../../../src/enforce/linux/freezer-v2.js';
import { thawRecord } from '../../../../src/enforce/linux/freezers.js';
import { releaseNow } from '../../../../src/enforce/linux/guardian.js';
import { FileJournal } from '../../../../src/enforce/linux/journal.js';
import {
  cgroupOf,
  groupsIn,
  MOUNT,
  make,
  outcomeOf,
  read,
  report,
  reset,
  startHog,
  startTestGuest,
  until,
  write,
} from './machine.js';

/* Freezing on a real kernel's cgroup v2: whichever group a guest is in, it alone is frozen, and all is given back. */

const SLICE = 'vmc.slice';
const JOURNAL = '/tmp/journal';

const journal = new FileJournal(JOURNAL, bootId());
journal.open();
const cgroups = new CgroupV2(MOUNT, SLICE, journal);
const freezers = new FreezerV2(MOUNT, SLICE, cgroups, journal);

const isFrozen = (path: string): boolean => /^frozen 1$/m.test(read(`${path}/cgroup.events`));

/** Encloses and freezes it, as the daemon's threads do between them, and answers by which group. */
async function freeze(process: TaskId): Promise<string> {
  const file = freezers.enclose(process);
  journal.record(thawRecord(process, file));
  const brake = freezerBrake(process.id, file);
  brake.stop();
  const path = file.replace(`${MOUNT}/`, '').replace('/cgroup.freeze', '');
  await until('it is frozen', () => isFrozen(path));
  if (!brake.isOn()) throw new Error('what is frozen is not read back as frozen');
  return path;
}

async function freezing(): Promise<object> {
  const { process: guest } = await startTestGuest('guest');
  const keyOf = ({ id, startTime }: TaskId): string => `${id}-${startTime}`;
  const foreign = startHog();
  make('owner/login');
  for (const { id } of [guest, foreign]) write('owner/login/cgroup.procs', id);
  cgroups.prepare();
  freezers.prepare();
  const among = await freeze(guest);
  const othersRun = !isFrozen('owner/login') && cgroupOf(foreign) === '/owner/login';

  // The reconciler gathers it meanwhile: the group that was made for it goes.
  cgroups.create(['class']);
  cgroups.create(['class', keyOf(guest)]);
  cgroups.gather(guest, ['class', keyOf(guest)]);
  const gathered = await freeze(guest);
  const groups = groupsIn(SLICE).sort();

  const { process: alone } = await startTestGuest('alone');
  make('manager/scope');
  write('manager/scope/cgroup.procs', alone.id);
  write('manager/scope/cgroup.freeze', 1);
  await until('its user has frozen it', () => isFrozen('manager/scope'));
  const byItsUser = freezers.isFrozenByOthers(alone);
  write('manager/scope/cgroup.freeze', 0);
  await until('its user has thawed it', () => !freezers.isFrozenByOthers(alone));
  const inPlace = await freeze(alone);
  const nobodyElses = !freezers.isFrozenByOthers(alone);

  const messages: string[] = [];
  const complete = releaseNow(JOURNAL, (message) => messages.push(message));
  return {
    among: among.replace(keyOf(guest), 'KEY'),
    othersRun,
    gathered: gathered.replace(keyOf(guest), 'KEY'),
    groups,
    byItsUser,
    inPlace,
    nobodyElses,
    messages,
    complete,
    frozenAfter: ['owner/login', 'manager/scope'].filter(isFrozen),
    home: [guest, alone].map(cgroupOf),
    groupsAfter: groupsIn('.').sort(),
  };
}

try {
  report(await freezing());
} finally {
  for (const path of ['owner/login', 'manager/scope']) outcomeOf(() => write(`${path}/cgroup.freeze`, 0));
  await reset();
}
