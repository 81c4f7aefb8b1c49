/*
 * A daemon that starts quickly and is never at rest, for campaigns of kills: the enforcer on this machine, under a plan whose
 * mode changes every 150 ms, and another one at each SIGHUP. SIGTERM ends it in good order. Arguments: STATE-DIRECTORY SLICE
 * PID…: the guests that are governed.
 */
import type { Plan, Schedule } from '../../../../src/compiler/plan.js';
import { Enforcer } from '../../../../src/enforce/enforcer.js';
import { linuxHostFacts } from '../../../../src/enforce/linux/host-facts.js';
import { LinuxHost } from '../../../../src/enforce/linux/linux-host.js';
import { GuestScanner } from '../../../../src/qemu/guest-scanner.js';
import {
  disk,
  duty,
  modesOf,
  onEach,
  onSum,
  placement,
  plan,
  quota,
  reservation,
  schedule,
  server,
  share,
  timetable,
  vm,
} from '../../support/plans.js';

const MS = 1e6;
const CHANGE_MS = 150;
const NAMES = ['reserved', 'cycled', 'shared', 'throttled'];
const [stateDirectory = '', sliceName = '', ...pids] = process.argv.slice(2);

/** Each guest under something else, `part` of it; everything that can be set without a device of the guest's own. */
function under(id: string, part: number, first: string): Schedule {
  return schedule(id, {
    settings: [
      reservation('reserved', part * 20 * MS, 100 * MS),
      duty(onEach('cycled'), part * 50 * MS, 200 * MS),
      share(onSum('shared'), part * 300),
      quota(onSum('shared'), part / 4),
      placement(onEach('throttled'), [part % 2]),
      disk(onEach('throttled'), part * 1e6, null),
    ],
    servers: [
      server('reserved', 'vcpu 0', part % 2, part * 20 * MS, 100 * MS),
      server('reserved', 'main', 0, 0.5 * MS, 10 * MS),
    ],
    timetable: timetable(200 * MS, { [first]: part * 50 * MS, cycled: part * 20 * MS }),
  });
}

/** `first` is under a duty cycle too. */
const planOf = (first: string): Plan =>
  plan({
    host: linuxHostFacts(),
    classes: NAMES.map((name) => vm(name)),
    tree: NAMES.map((name) => ({ name, parent: null, subject: 'class' as const })),
    ...modesOf({ id: 'flag', kind: 'signal', signal: 'flag' }, { no: 'calm', yes: 'busy', unknown: 'calm' }),
    schedules: [under('calm', 1, first), under('busy', 2, first)],
  });

let flag = 0;
const scanner = new GuestScanner();
const enforcer = new Enforcer({
  host: new LinuxHost({
    stateDirectory,
    sliceName,
    scan: async () => (await scanner.scan()).filter((guest) => pids.includes(`${guest.pid}`)),
    onEvent: (message) => console.log(`event: ${message}`),
  }),
  plan: planOf('shared'),
  signals: { latest: () => flag, limit: () => null },
});

const stop = (): void => {
  void enforcer.stop().then(() => process.exit(0));
};
process.on('SIGTERM', stop);
let reloads = 0;
process.on('SIGHUP', () => void enforcer.replacePlan(planOf(++reloads % 2 === 0 ? 'shared' : 'throttled')));
await enforcer.start();
console.log('governing');
setInterval(() => {
  flag = 1 - flag;
  enforcer.poke();
}, CHANGE_MS);
