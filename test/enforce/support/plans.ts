import type { HostFacts } from '../../../src/compiler/facts.js';
import type {
  Atom,
  Mode,
  Plan,
  PlanClass,
  Schedule,
  Server,
  Setting,
  Timetable,
} from '../../../src/compiler/plan.js';

const MS = 1e6;

export const FACTS: HostFacts = {
  cores: 2,
  memoryBytes: 8 * 2 ** 30,
  timezone: 'Europe/Berlin',
  tickNs: 4 * MS,
  hrtickDeadline: false,
  deadlineLimit: 0.95,
  cgroup: { version: 1, cpuset: true, freezer: true, gather: true, ownerAs: 'threads' },
  mechanisms: ['reservation', 'share', 'quota', 'duty'],
  sensors: ['owner.demand'],
};

type Subject = Pick<Setting, 'class' | 'subject' | 'scope'>;
const head = ({ class: name, subject, scope }: Subject) => ({
  class: name,
  subject,
  scope,
  fidelity: { kind: 'hard' as const, worstGapNs: null, rateError: 0.02 },
  because: [
    {
      sentence: `a sentence on ${name}`,
      file: 'test.vmc',
      range: { start: { line: 1, column: 1, offset: 0 }, end: { line: 1, column: 2, offset: 1 } },
    },
  ],
});

export const onEach = (name: string): Subject => ({ class: name, subject: 'class', scope: 'each' });
export const onSum = (name: string, subject: Setting['subject'] = 'class'): Subject => ({
  class: name,
  subject,
  scope: 'sum',
});

export const reservation = (name: string, budgetNs: number, periodNs: number): Setting => ({
  ...head(onEach(name)),
  mechanism: 'reservation',
  budgetNs,
  periodNs,
  overhead: { budgetNs: 0.5 * MS, periodNs: 10 * MS },
});
export const share = (subject: Subject, weight: number): Setting => ({
  ...head(subject),
  mechanism: 'share',
  weight,
  floorCores: null,
});
export const quota = (subject: Subject, ceilingCores: number, periodNs = 100 * MS): Setting => ({
  ...head(subject),
  mechanism: 'quota',
  ceilingCores,
  periodNs,
});
export const duty = (subject: Subject, runNs: number, periodNs: number): Setting => ({
  ...head(subject),
  mechanism: 'duty',
  runNs,
  periodNs,
});

/** A duty cycle that stands for a reservation. */
export const elevated = (subject: Subject, runNs: number, periodNs: number): Setting => ({
  ...head(subject),
  mechanism: 'duty',
  runNs,
  periodNs,
  elevated: true,
});
export const placement = (subject: Subject, cores: readonly number[]): Setting => ({
  ...head(subject),
  mechanism: 'placement',
  cores: [...cores],
});
export const memory = (
  subject: Subject,
  ceilingBytes: number | null,
  floorBytes: number | null = null,
): Setting => ({ ...head(subject), mechanism: 'memory', ceilingBytes, floorBytes });
export const disk = (subject: Subject, bytesPerSecond: number | null, iops: number | null): Setting => ({
  ...head(subject),
  mechanism: 'disk',
  bytesPerSecond,
  iops,
});
export const network = (subject: Subject, bytesPerSecond: number): Setting => ({
  ...head(subject),
  mechanism: 'network',
  bytesPerSecond,
});

export const stop = (subject: Subject, withinNs: number): Setting => ({
  ...head(subject),
  mechanism: 'stop',
  withinNs,
});

export const server = (
  name: string,
  thread: string,
  core: number | null,
  budgetNs: number,
  periodNs: number,
  member = 0,
): Server => ({ class: name, member, thread, core, budgetNs, periodNs });

/** Each named guest runs from the beginning of every period, one after the other. */
export function timetable(hyperperiodNs: number, runs: Readonly<Record<string, number>>): Timetable {
  let startNs = 0;
  const windows = Object.entries(runs).map(([name, runNs]) => {
    const window = { class: name, member: 0, startNs, endNs: startNs + runNs };
    startNs += runNs;
    return window;
  });
  return { hyperperiodNs, windows };
}

export const vm = (name: string, vcpus = 1): PlanClass => ({
  name,
  kind: 'vm',
  maxGuests: 1,
  vcpus,
  memoryBytes: null,
  match: [[{ attribute: 'name', pattern: name }]],
});
export const group = (name: string, maxGuests: number, vcpus = 1): PlanClass => ({
  ...vm(name, vcpus),
  kind: 'group',
  maxGuests,
  match: [[{ attribute: 'name', pattern: `${name}-*` }]],
});

export const schedule = (id: string, parts: Partial<Schedule>): Schedule => ({
  id,
  settings: [],
  servers: [],
  timetable: null,
  ...parts,
});

/** Owner demand with hysteresis, as the demonstration has it. */
export const BUSY: Atom = {
  id: 'busy',
  kind: 'comparison',
  subject: { kind: 'signal', signal: 'owner.demand' },
  start: { operator: '>', value: 60, forNs: 3e9 },
  until: { operator: '<', value: 40, forNs: 3e9 },
};

export function plan(parts: Partial<Plan>): Plan {
  return {
    planVersion: 1,
    policy: { name: 'test.vmc', digest: '0123456789abcdef' },
    host: FACTS,
    classes: [],
    unions: [],
    tree: [],
    ignored: [],
    switches: [],
    signals: [],
    atoms: [],
    conditions: [],
    modes: [{ id: 'always', when: {}, example: null, schedule: parts.schedules?.[0]?.id ?? 'only' }],
    schedules: [schedule('only', {})],
    transitions: [],
    budgets: [],
    offers: [],
    certificate: { schedules: [] },
    ...parts,
  };
}

/** One condition, and for each of its values the schedule of its mode. */
export function modesOf(
  condition: Atom,
  schedules: Readonly<Record<'no' | 'yes' | 'unknown', string>>,
): Partial<Plan> {
  const mode = (id: 'no' | 'yes' | 'unknown', value: boolean | 'unknown'): Mode => ({
    id,
    when: { c0: value },
    example: null,
    schedule: schedules[id],
  });
  return {
    atoms: [condition],
    conditions: [{ id: 'c0', text: condition.id, expression: { op: 'atom', atom: condition.id } }],
    modes: [mode('no', false), mode('yes', true), mode('unknown', 'unknown')],
  };
}

/** The demonstration: one reserved, two sharing 3 : 1 on a core of their own, one on a duty cycle, and owner demand. */
export function demoPlan(): Plan {
  const shares = [share(onSum('gold'), 3072), share(onSum('silver'), 1024), quota(onSum('pair', 'union'), 1)];
  const video = [
    server('video', 'vcpu 0', 0, 20 * MS, 100 * MS),
    server('video', 'main', 0, 0.5 * MS, 10 * MS),
  ];
  return plan({
    classes: [vm('video'), vm('gold'), vm('silver'), vm('batch')],
    unions: [{ name: 'pair', classes: ['gold', 'silver'] }],
    tree: [
      { name: 'pair', parent: null, subject: 'union' },
      { name: 'gold', parent: 'pair', subject: 'class' },
      { name: 'silver', parent: 'pair', subject: 'class' },
    ],
    ...modesOf(BUSY, { no: 'calm', yes: 'busy', unknown: 'unsure' }),
    schedules: [
      schedule('calm', {
        settings: [
          reservation('video', 20 * MS, 100 * MS),
          ...shares,
          duty(onEach('batch'), 500 * MS, 1000 * MS),
        ],
        servers: video,
        timetable: timetable(1000 * MS, { batch: 500 * MS }),
      }),
      schedule('busy', {
        settings: [
          reservation('video', 20 * MS, 100 * MS),
          ...shares,
          duty(onEach('batch'), 200 * MS, 1000 * MS),
        ],
        servers: video,
        timetable: timetable(1000 * MS, { batch: 200 * MS }),
      }),
      schedule('unsure', {
        settings: [...shares, duty(onEach('batch'), 200 * MS, 1000 * MS)],
        timetable: timetable(1000 * MS, { batch: 200 * MS }),
      }),
    ],
    transitions: [
      { from: 'calm', to: 'busy', steps: 'direct' },
      { from: 'busy', to: 'calm', steps: 'direct' },
    ],
  });
}
