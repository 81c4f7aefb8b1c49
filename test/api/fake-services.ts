import type { Forecast } from '../../src/api/forecast-schema.js';
import type { DaemonServices } from '../../src/api/services.js';
import type { Plan } from '../../src/compiler/plan.js';
import { EventLog } from '../../src/enforce/event-log.js';
import type { GuestStatus, Status } from '../../src/enforce/status.js';

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
  switches: ['gaming'],
  atoms: [],
  conditions: [],
  modes: [],
  schedules: [],
  transitions: [],
  budgets: [],
  offers: [],
  certificate: { schedules: [] },
};

/** Mean 50, one more of variance with each step; the asked level shows in the width. */
export function forecastOf(signal: string, steps: number, level: number): Forecast {
  const at = (variance: number) => ({ mean: 50, variance, lower: 50 - 10 * level, upper: 50 + 10 * level });
  return {
    signal,
    unit: 'percent',
    atMs: 1_795_388_400_000,
    stepMs: 1000,
    level,
    status: 'ready',
    model: 'AR(16)',
    samples: 600,
    fitNs: 8000,
    steps: Array.from({ length: steps }, (_, h) => at(h + 1)),
    average: at(1),
    accuracy: [],
  };
}

export interface FakeServices extends DaemonServices {
  readonly events: EventLog;
  /** What was asked to be changed, in order. */
  readonly changes: unknown[];
  current: Status | null;
}

/** The daemon as tests of the HTTP interface need it. */
export function fakeServices(): FakeServices {
  const changes: unknown[] = [];
  const services: FakeServices = {
    current: status,
    changes,
    status: () => services.current,
    plan: () => plan,
    events: new EventLog(),
    series: {
      list: () => [{ signal: 'owner.demand', unit: 'percent', stepMs: 1000, samples: 3, latest: 30 }],
      read: (signal, fromMs, stepMs) =>
        signal === 'owner.demand'
          ? { signal, unit: 'percent', fromMs, stepMs: stepMs || 1000, values: [10, null, 30] }
          : null,
    },
    forecast: (signal, horizonNs, level) => {
      if (signal !== 'owner.demand')
        return { refused: 'no-such-signal', message: `there is no signal ${signal}` };
      if (horizonNs > 60_000_000_000n)
        return { refused: 'too-far', message: 'a forecast looks 60s ahead at most' };
      return forecastOf(signal, Number(horizonNs / 1_000_000_000n), level);
    },
    setSwitch: (name, on, forNs) => {
      changes.push({ name, on, forNs });
      return name === 'gaming';
    },
    release: async () => {
      changes.push('release');
    },
  };
  return services;
}
