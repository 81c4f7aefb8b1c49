import { expect } from 'chai';
import fc from 'fast-check';
import type { Plan } from '../../src/compiler/plan.js';
import { verifyPlan } from '../../src/compiler/verify-plan.js';
import { LIMITED_HOSTS } from './limited-hosts.js';
import { CLASSES, HOST, planOf } from './support.js';
import { changed, type Path, patternOf, placesIn, removed, repeated, resealed } from './tampering.js';

const MORE = 'group more up to 3 vms { match user "m" vcpus 1 }\nswitch a\nsignal price number\n';
const TASKS = `
vm rt { match name "rt" and user "u" vcpus 2 task t 3ms every 20ms task slow 9 ms every 50 ms within 40 ms }
vm w { match name "w" vcpus 1 }
reserve rt for its tasks
reserve w 5ms in any 40ms
keep 0.5 cores for owner`;

/** Plans with all that plans can have. */
const PLANS: Readonly<Record<string, Plan>> = {
  'reservations, weights, a timetable, two modes': planOf(
    `${CLASSES}${MORE}keep 1 core for owner
guarantee build 0.2 cores
limit lent to 3 cores
when a { reserve video 80ms every 100ms  run batch 200ms every 1s } otherwise { reserve more 60ms every 100ms }`,
    { ...HOST, cores: 4 },
  ),
  'tasks and windows': planOf(TASKS, { ...HOST, hrtickDeadline: false, contextSwitchesNs: 10_000 }),
  'tasks by turns': planOf(
    `vm rt { match name "rt" and user "u" vcpus 2 task t 30ms every 200ms }
group more up to 3 vms { match user "m" vcpus 1 }
reserve rt for its tasks by duty
run more 100ms every 500ms`,
    LIMITED_HOSTS['no deadline class'],
  ),
  'servers on no core in particular': planOf(
    `${CLASSES}keep 1 core for owner\nreserve video 5ms every 100ms`,
    LIMITED_HOSTS['no cpusets'],
  ),
  'nice values': planOf(
    `${CLASSES}${MORE}share cpu among build 3, more 1\nguarantee batch 0.2 cores\nyield video`,
    LIMITED_HOSTS['no cgroups'],
  ),
  'everything else': planOf(
    `${CLASSES}${MORE}keep 4 GiB memory for owner
ignore match name "mine"
limit each batch to 3 GiB memory and 10 MB/s disk
guarantee build 2 GiB memory
limit guests to 5 MB/s network and 100 iops disk
limit each batch to 90% of cpu - forecast(owner.cpu over 30s at 95%) between 0.1 cores and 0.8 cores
budget build 3 core-hours per month
place video on cores 1-2
offer 1 vm o { vcpus 1 memory 2 GiB reserve 5ms every 20ms }
when weekdays 09:00-17:00, 18:00-20:00 { stop more within 1min }
when price > 30 for 10s until < 20 { limit lent to 2 cores }
when 2026-12-24..2026-12-31 { pause more }`,
    { ...HOST, cores: [0, 1, 2, 3].map((id) => ({ id, sibling: id, capacity: 1024 })) },
  ),
};

/** Places of numbers that may have another value, each with the reason why the plan is as valid then. */
const STILL_VALID: Readonly<Record<string, readonly string[]>> = {
  'Only a sentence says how much is asked for: within what is proved, another amount is as good.': [
    'budgets/*/workNs',
    'schedules/*/settings/*:quota/ceilingCores',
    'schedules/*/settings/*:quota/elastic/base',
    'schedules/*/settings/*:quota/elastic/fromCores',
    'schedules/*/settings/*:quota/elastic/toCores',
    'schedules/*/settings/*:quota/elastic/minus/level',
    'schedules/*/settings/*:quota/elastic/minus/overNs',
    'schedules/*/settings/*:memory/ceilingBytes',
    'schedules/*/settings/*:disk/bytesPerSecond',
    'schedules/*/settings/*:disk/iops',
    'schedules/*/settings/*:network/bytesPerSecond',
    'schedules/*/settings/*:placement/cores/*',
    'schedules/*/settings/*:stop/withinNs',
  ],
  'Only a sentence says how many vCPUs may run at once; that no more do is proved.': [
    'schedules/*/timetable/ceilings/*/vcpus',
  ],
  'Only a declaration says what a guest is, where nothing is proved of it or the proof holds as well.': [
    'classes/*/vcpus',
    'classes/*/tasks/*/deadlineNs',
    'classes/*/tasks/*/periodNs',
    'ignored/*/beforeClass',
  ],
  'Only the machine says what it is, where the proofs hold on another as well.': [
    'host/cgroup/version',
    'host/cores',
    'host/cores/*/capacity',
    'host/cores/*/sibling',
    'host/deadlineLimit',
    'host/memoryBytes',
    'host/nice/least',
    'host/nice/most',
    'host/realtimePriority',
    'host/tickNs',
  ],
  'A lower promise is kept by what keeps the higher one.': [
    'certificate/schedules/*/reservations/tardinessNs',
    'schedules/*/settings/*:memory/floorBytes',
    'schedules/*/settings/*:share/floorCores',
    'schedules/*/settings/*:quota/fidelity/worstGapNs',
    'schedules/*/settings/*:duty/fidelity/worstGapNs',
    'schedules/*/settings/*:reservation/fidelity/worstGapNs',
    'schedules/*/settings/*:quota/fidelity/rateError',
    'schedules/*/settings/*:duty/fidelity/rateError',
    'schedules/*/settings/*:reservation/fidelity/rateError',
    'schedules/*/settings/*:share/fidelity/rateError',
    'schedules/*/settings/*:memory/fidelity/rateError',
    'schedules/*/settings/*:disk/fidelity/rateError',
    'schedules/*/settings/*:network/fidelity/rateError',
    'schedules/*/settings/*:placement/fidelity/rateError',
    'schedules/*/settings/*:stop/fidelity/rateError',
  ],
  'Another step of a proof proves the same: a stricter limit, a floor that is had too, a later point that covers as much.':
    [
      'certificate/interfaces/*/points/*/windowNs',
      'certificate/schedules/*/reservations/cores/*/limit',
      'certificate/schedules/*/shares/*/children/*/floorCores',
    ],
  'Who never runs does so in cycles of any length.': [
    'schedules/*/settings/*:duty/periodNs',
    'schedules/*/timetable/hyperperiodNs',
  ],
};

const allowed = new Set(Object.values(STILL_VALID).flat());

const CHANGES: readonly ((number: number) => number)[] = [
  (number) => number - 1,
  (number) => number + 1,
  (number) => number * 2,
  (number) => (Number.isInteger(number) ? Math.trunc(number / 2) : number / 2),
];

interface Change {
  readonly plan: Plan;
  readonly path: Path;
  readonly change: (number: number) => number;
}

const valueAt = (plan: Plan, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<string | number, unknown>)[key], plan);

const isChange = ({ plan, path, change }: Change): boolean =>
  JSON.stringify(valueAt(changed(plan, path, change), path)) !== JSON.stringify(valueAt(plan, path));

const accepts = ({ plan, path, change }: Change): boolean =>
  verifyPlan(resealed(changed(plan, path, change))).length === 0;

describe('a plan in which a number was changed, and the checksum with it', () => {
  const changes = Object.values(PLANS).flatMap((plan) =>
    placesIn(plan)
      .numbers.filter((path) => path.at(-1) !== 'checksum' && path.at(-1) !== 'digest')
      .flatMap((path) => CHANGES.map((change) => ({ plan, path, change }))),
  );

  it('verifies before', () => {
    for (const [name, plan] of Object.entries(PLANS)) expect(verifyPlan(plan), name).to.deep.equal([]);
  });

  it('does not verify, but where the other number is as valid', () => {
    const accepted = new Set<string>();
    const tried = new Map<string, number>();
    for (const one of changes) {
      const pattern = patternOf(one.plan, one.path);
      const key = `${pattern} ${Object.values(PLANS).indexOf(one.plan)} ${CHANGES.indexOf(one.change)}`;
      const count = tried.get(key) ?? 0;
      if (count === 2 || !isChange(one)) continue;
      tried.set(key, count + 1);
      if (accepts(one)) accepted.add(pattern);
    }
    expect([...accepted].filter((pattern) => !allowed.has(pattern)).sort()).to.deep.equal([]);
    expect([...allowed].filter((pattern) => !accepted.has(pattern)).sort()).to.deep.equal([]);
  });

  it('does not verify without a row of a proof', () => {
    const rows =
      /^certificate\/(schedules|interfaces)\/\*(\/(reservations\/cores|shares|shares\/\*\/children)\/\*)?$/;
    for (const [name, plan] of Object.entries(PLANS)) {
      const places = placesIn(plan).elements.filter((path) => rows.test(patternOf(plan, path)));
      expect(places, name).not.to.have.lengthOf(0);
      for (const path of places) {
        expect(verifyPlan(resealed(removed(plan, path))), path.join('/')).not.to.deep.equal([]);
      }
    }
  });

  it('does not verify with servers, windows or modes that are missing or there twice', () => {
    const parts =
      /^(modes|schedules|schedules\/\*\/servers|schedules\/\*\/timetable\/windows|transitions|atoms|conditions)\/\*$/;
    const places = Object.values(PLANS).flatMap((plan) =>
      placesIn(plan)
        .elements.filter((path) => parts.test(patternOf(plan, path)))
        .map((path) => ({ plan, path })),
    );
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.boolean(), ({ plan, path }, twice) => {
        const tampered = twice ? repeated(plan, path) : removed(plan, path);
        expect(verifyPlan(resealed(tampered)), path.join('/')).not.to.deep.equal([]);
      }),
      { numRuns: 200 },
    );
  });
});
