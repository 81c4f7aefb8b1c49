import { EMPTY_STATE, type TopState } from '../../../src/cli/top/top-state.js';
import type { Setting } from '../../../src/compiler/plan.js';
import type { Control, EnforcerEvent, Finding, GuestStatus, Measure } from '../../../src/enforce/status.js';

const NOW = Date.UTC(2026, 10, 23, 10, 0, 0);

const setting = (mechanism: Setting['mechanism'], className: string): Setting =>
  ({
    mechanism,
    class: className,
    subject: 'class',
    scope: 'each',
    because: [],
    fidelity: { kind: 'hard', worstGapNs: null, rateError: 0 },
  }) as unknown as Setting;

function control(
  mechanism: Setting['mechanism'],
  summary: string,
  [unit, bound, promised, delivered]: [Measure['unit'], Measure['bound'], number, number] | readonly [],
  inForce = true,
): Control {
  const measure: Measure | null =
    unit === undefined
      ? null
      : {
          ...{ unit, bound: bound ?? 'exactly', promised: promised ?? null, measuredNs: 60e9 },
          ...{ delivered10s: delivered ?? null, deliveredInMode: delivered ?? null },
        };
  return { setting: setting(mechanism, 'c'), summary, inForce, measure };
}

function guest(
  pid: number,
  name: string | null,
  className: string | null,
  cpu: number | null,
  controls: readonly Control[],
  state: GuestStatus['state'] = 'running',
): GuestStatus {
  return {
    ...{ key: `${pid}-1`, pid, name, user: 'alice', class: className, member: 0, vcpus: 2, state },
    ...{ group: null, cpuCores10s: cpu, controls: [...controls] },
  };
}

const finding = (severity: Finding['severity'], message: string, ageS: number): Finding => ({
  ...{ code: 'x', severity, subject: null, message, fallback: 'meanwhile it waits' },
  sinceMs: NOW - ageS * 1000,
});

const event = (
  sequence: number,
  ageS: number,
  kind: EnforcerEvent['kind'],
  message: string,
): EnforcerEvent => ({
  ...{ sequence, atMs: NOW - ageS * 1000, kind, subject: null, message, causes: [] },
});

const share = (promised: number, got: number) =>
  control('share', 'weight 300', ['fraction', 'at-least', promised, got]);

/** A host on which everything occurs that a frame can show, at an instant that stands still. */
export const BUSY: TopState = {
  ...EMPTY_STATE,
  nowMs: NOW,
  status: {
    atMs: NOW,
    state: 'running',
    policy: { name: 'lab', digest: 'sha256:00' },
    mode: {
      id: 'busy, not gaming',
      schedule: 's1',
      sinceMs: NOW - 125_000,
      settling: true,
      causes: [
        {
          condition: 'c1',
          text: 'busy',
          from: false,
          to: true,
          atoms: [{ id: 'a', text: 'owner.demand > 60 for 2s', value: true, sinceMs: NOW, sample: 72.4 }],
        },
      ],
    },
    conditions: [
      { id: 'c1', text: 'busy', value: true, sinceMs: NOW - 125_000 },
      { id: 'c2', text: 'office hours', value: false, sinceMs: NOW - 5000 },
      { id: 'c3', text: 'price > 40', value: 'unknown', sinceMs: NOW },
    ],
    atoms: [],
    switches: [{ name: 'gaming', on: false, untilMs: null }],
    guests: [
      guest(4001, 'real-time-controller', 'steady', 0.2, [
        control('reservation', '20ms every 100ms', ['cores', 'exactly', 0.2, 0.2]),
      ]),
      guest(4002, 'gold-1', 'gold', 0.61, [
        share(0.75, 0.76),
        control('quota', 'at most 1.5 cores', ['cores', 'at-most', 1.5, 0.81]),
      ]),
      guest(4003, 'silver-1', 'silver', 0.2, [share(0.25, 0.2)]),
      guest(
        4004,
        'lent-1',
        'lent',
        0.1,
        [control('duty', '100ms every 500ms', ['fraction', 'exactly', 0.2, 0.199])],
        'held',
      ),
      guest(4005, 'greedy', 'lent', 0.7, [
        control('quota', 'at most 0.5 cores', ['cores', 'at-most', 0.5, 0.7]),
      ]),
      guest(4006, '仮想マシン-with-a-long-name', null, null, [], 'stopped-by-user'),
      guest(4007, null, 'steady', 0, [
        control('reservation', '20ms every 100ms', ['cores', 'exactly', 0.2, 0], false),
      ]),
      guest(4008, 'evil\u001b[2Jname', 'gold', 0.05, [control('memory', 'at most 2147483648 B', [])]),
    ],
    findings: [
      finding('warning', 'the policy asks for budgets (lent), which this version does not keep', 300),
      finding('error', 'the kernel refuses 20ms every 100ms for guest 4007-1: its core is full', 12),
      finding('note', 'the policy in force was put over HTTP, and is not the one in lab.vmc', 90_000),
    ],
    accounts: [],
    budgets: [],
  },
  history: Array.from({ length: 60 }, (_, at) => (at === 20 ? null : 40 + 40 * Math.sin(at / 6))),
  forecast: {
    ...{ signal: 'owner.demand', unit: '% of cpu', atMs: NOW, stepNs: 1e9, level: 0.95, model: 'WEIGHTED' },
    ...{ fitNs: 1000, samples: 300, coverage: 0.95, errorAgainstLast: 0.7, accuracy: [], status: 'ready' },
    steps: Array.from({ length: 30 }, (_, at) => ({
      ...{ horizonNs: (at + 1) * 1e9, mean: 40 + 20 * Math.cos(at / 8), variance: 1, lower: 20, upper: 80 },
    })),
    average: { mean: 45, variance: 1, lower: 21, upper: 69 },
    auditedLevel: 0.95,
    calibration: {
      ...{ calibrated: true, errors: 271, effectiveLevel: 0.96 },
      lower: { effectiveLevel: 0.98, auditedLevel: 0.975, held: 0.97 },
      upper: { effectiveLevel: 0.98, auditedLevel: 0.975, held: 0.98 },
    },
  },
  events: [
    event(1, 600, 'started', 'enforcing lab'),
    event(2, 600, 'guest-found', 'guest gold-1 of alice belongs to gold'),
    event(3, 125, 'mode-changed', 'now in mode busy, not gaming because busy: false → true'),
    event(4, 12, 'finding', 'the kernel refuses 20ms every 100ms for guest 4007-1: its core is full'),
    event(5, 3, 'guest-gone', 'guest 3999-7 ended'),
  ],
};
