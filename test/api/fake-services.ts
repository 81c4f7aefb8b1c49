import { admissionDocument } from '../../src/api/admission-document.js';
import { KeptOutcomes } from '../../src/api/running-time/kept-outcomes.js';
import { RunningTimes } from '../../src/api/running-time/running-times.js';
import type { DaemonServices, PolicyOutcome } from '../../src/api/services.js';
import type { Plan } from '../../src/compiler/plan.js';
import { EventLog } from '../../src/enforce/event-log.js';
import type { GuestStatus, Status } from '../../src/enforce/status.js';
import type { Telemetry } from '../../src/enforce/telemetry.js';
import { SignalStore } from '../../src/rps/index.js';
import type { Clock } from '../../src/support/clock.js';

export const guest: GuestStatus = {
  key: '4711-99',
  pid: 4711,
  name: 'my vm',
  user: 'alice',
  class: 'pair',
  member: 0,
  vcpus: 2,
  state: 'running',
  group: 'pair/4711-99',
  cpuCores10s: 0.75,
  controls: [],
};

export const status: Status = {
  atMs: 1_795_388_400_000,
  state: 'running',
  policy: { name: 'demo', digest: 'sha256:00' },
  mode: { id: 'calm', schedule: 's1', sinceMs: 1_795_388_000_000, settling: false, causes: [] },
  conditions: [],
  atoms: [],
  switches: [{ name: 'gaming', on: false, untilMs: null }],
  budgets: [],
  guests: [guest],
  findings: [],
  accounts: [],
};

export const plan: Plan = {
  planVersion: 1,
  policy: { name: 'demo', digest: 'sha256:00' },
  host: {
    cores: 2,
    memoryBytes: 1024,
    timezone: 'UTC',
    tickNs: 4_000_000,
    hrtickDeadline: false,
    deadlineLimit: 0.95,
    cgroup: { version: 2, cpuset: true, freezer: true, gather: true, ownerAs: 'slices' },
    mechanisms: ['duty'],
    sensors: ['owner.demand'],
  },
  classes: [],
  unions: [],
  tree: [],
  ignored: [],
  switches: ['gaming'],
  signals: [{ name: 'price', type: 'number' }],
  atoms: [],
  conditions: [],
  modes: [],
  schedules: [],
  transitions: [],
  budgets: [],
  offers: [],
  certificate: { schedules: [] },
};

/** A clock that goes on when it is told to. */
interface FakeClock extends Clock {
  nowNs: bigint;
}

export interface FakeServices extends DaemonServices {
  readonly events: EventLog;
  readonly signals: SignalStore;
  /** Of the signals. */
  readonly clock: FakeClock;
  /** A second passes, and a sample of each signal that is given comes. */
  sample(values: Readonly<Record<string, number>>): void;
  /** What was asked to be changed, in order. */
  readonly changes: unknown[];
  current: Status | null;
  measured: Telemetry;
  /** What becomes of a policy that is put. */
  outcome: PolicyOutcome;
}

const telemetry: Telemetry = {
  steps: { count: 42, sumNs: 84e6, maxNs: 5e6, ageNs: 3e8 },
  reserved: new Map([
    [0, 0.2],
    [null, 0.1],
  ]),
  deadlineLimit: 0.95,
  host: { wakeUps: { count: 10, meanNs: 20_000, p99Ns: 80_000, maxNs: 90_000 }, journalRecords: 7 },
};

/** Five minutes of owner.demand at 1 Hz, with one sample missed, on a clock that stands still at its end. */
function recordedSignals(clock: Clock): SignalStore {
  const store = new SignalStore({ clock });
  for (let second = 1n; second <= 300n; second++) {
    if (second !== 299n) store.record('owner.demand', 50 + Number(second % 7n), second * 1_000_000_000n);
  }
  return store;
}

/** Two threads of the owner's that always want to run, on a clock that stands still. */
export function steadyRunningTimes(services: Pick<DaemonServices, 'plan'>): RunningTimes {
  const clock = { monotonicNs: () => 300_000_000_000n, wallMs: () => status.atMs };
  const signals = new SignalStore({ clock });
  for (let second = 1n; second <= 300n; second++) signals.record('owner.threads', 2, second * 1_000_000_000n);
  const outcomes = new KeptOutcomes(undefined, { warn: () => {} });
  return new RunningTimes({ signals, plan: () => services.plan(), status: () => status, outcomes, clock });
}

/** The daemon as tests of the HTTP interface need it. */
export function fakeServices(): FakeServices {
  const changes: unknown[] = [];
  const clock: FakeClock = {
    nowNs: 300_000_000_000n,
    monotonicNs: () => clock.nowNs,
    wallMs: () => status.atMs + Number(clock.nowNs - 300_000_000_000n) / 1e6,
  };
  const signals = recordedSignals(clock);
  const listeners = new Set<() => void>();
  const runningTimes = steadyRunningTimes({ plan: () => services.plan() });
  const services: FakeServices = {
    current: status,
    changes,
    status: () => services.current,
    plan: () => plan,
    admit: async (text) => admissionDocument(services.plan(), { file: 'request', text }),
    events: new EventLog(),
    ledger: null,
    signals,
    samples: async (signal, query) => signals.history(signal, query),
    clock,
    sample: (values) => {
      clock.nowNs += 1_000_000_000n;
      for (const [signal, value] of Object.entries(values)) signals.record(signal, value);
      for (const listener of listeners) listener();
    },
    onSample: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setSwitch: (name, on, forNs) => {
      changes.push({ name, on, forNs });
      return name === 'gaming';
    },
    pushSignal: (name, value, forNs) => {
      changes.push({ name, value, forNs });
      return name !== 'price' ? 'unknown' : typeof value === 'number' ? 'done' : { takes: '31.5' };
    },
    runningTimes,
    telemetry: () => services.measured,
    measured: telemetry,
    outcome: { kind: 'taken', policy: plan.policy, diagnostics: [] },
    replacePolicy: async (text, options) => {
      changes.push({ text, ...options });
      return services.outcome;
    },
    reload: async () => {
      changes.push('reload');
      return services.outcome;
    },
    release: async () => {
      changes.push('release');
    },
  };
  return services;
}
