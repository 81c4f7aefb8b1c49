import { type Metric, type MetricSample, sumsBy } from './metric.js';

const S = 1e9;
const one = (value: number | null | undefined): readonly MetricSample[] =>
  value === null || value === undefined ? [] : [{ value }];

/** What the enforcer does, and whether it gets on. */
export const ENFORCER_METRICS: readonly Metric[] = [
  {
    name: 'vmc_build_info',
    help: 'Version of the daemon.',
    kind: 'gauge',
    labels: ['version'],
    samples: ({ version }) => [{ labels: { version }, value: 1 }],
  },
  {
    name: 'vmc_policy_info',
    help: 'The policy in force.',
    kind: 'gauge',
    labels: ['policy', 'digest'],
    samples: ({ plan: { policy } }) => [{ labels: { policy: policy.name, digest: policy.digest }, value: 1 }],
  },
  {
    name: 'vmc_mode_info',
    help: 'The mode that the conditions ask for.',
    kind: 'gauge',
    labels: ['mode'],
    samples: ({ status }) => (status?.mode ? [{ labels: { mode: status.mode.id }, value: 1 }] : []),
  },
  {
    name: 'vmc_mode_start_timestamp_seconds',
    help: 'When the mode began.',
    kind: 'gauge',
    samples: ({ status }) => one(status?.mode && status.mode.sinceMs / 1000),
  },
  {
    name: 'vmc_condition_state',
    help: 'Conditions of the policy: 1 holds, 0 does not, absent while unknown.',
    kind: 'gauge',
    labels: ['condition'],
    samples: ({ status }) =>
      (status?.conditions ?? []).flatMap(({ id, value }) =>
        value === 'unknown' ? [] : [{ labels: { condition: id }, value: value ? 1 : 0 }],
      ),
  },
  {
    name: 'vmc_switch_state',
    help: 'Switches of the policy: 1 on, 0 off.',
    kind: 'gauge',
    labels: ['switch'],
    samples: ({ status }) =>
      (status?.switches ?? []).map(({ name, on }) => ({ labels: { switch: name }, value: on ? 1 : 0 })),
  },
  {
    name: 'vmc_findings',
    help: 'What the policy asks for and is not so, at present.',
    kind: 'gauge',
    labels: ['code', 'severity'],
    samples: ({ status }) =>
      sumsBy(
        (status?.findings ?? []).map(({ code, severity }) => ({ labels: { code, severity }, value: 1 })),
      ),
  },
  {
    name: 'vmc_events_total',
    help: 'Events since the daemon began.',
    kind: 'counter',
    labels: ['kind'],
    samples: ({ events }) => [...events].map(([kind, value]) => ({ labels: { kind }, value })),
  },
  {
    name: 'vmc_steps_total',
    help: 'Steps of the enforcer: observe, decide, diff, act.',
    kind: 'counter',
    samples: ({ telemetry }) => one(telemetry.steps.count),
  },
  {
    name: 'vmc_step_duration_seconds_total',
    help: 'Time that all steps took.',
    kind: 'counter',
    samples: ({ telemetry }) => one(telemetry.steps.sumNs / S),
  },
  {
    name: 'vmc_step_duration_longest_seconds',
    help: 'Time that the longest step took.',
    kind: 'gauge',
    samples: ({ telemetry }) => one(telemetry.steps.maxNs / S),
  },
  {
    name: 'vmc_step_age_seconds',
    help: 'Time since the last step ended; more than 10 s: the daemon does not get on.',
    kind: 'gauge',
    samples: ({ telemetry }) => one(telemetry.steps.ageNs === null ? null : telemetry.steps.ageNs / S),
  },
  {
    name: 'vmc_wakeups_total',
    help: 'Times that the timing thread woke up to stop or continue guests.',
    kind: 'counter',
    samples: ({ telemetry: { host } }) => one(host?.wakeUps?.count),
  },
  {
    name: 'vmc_wakeup_lateness_seconds_total',
    help: 'Time by which it woke up late, all together.',
    kind: 'counter',
    samples: ({ telemetry: { host } }) =>
      one(host?.wakeUps && (host.wakeUps.meanNs * host.wakeUps.count) / S),
  },
  {
    name: 'vmc_wakeup_lateness_longest_seconds',
    help: 'The latest that it woke up.',
    kind: 'gauge',
    samples: ({ telemetry: { host } }) => one(host?.wakeUps && host.wakeUps.maxNs / S),
  },
  {
    name: 'vmc_deadline_bandwidth_cores',
    help: 'SCHED_DEADLINE bandwidth that guests hold, as last seen, by the core that they are confined to.',
    kind: 'gauge',
    labels: ['core'],
    samples: ({ telemetry: { reserved } }) =>
      [...reserved].map(([core, value]) => ({ labels: { core: core ?? 'any' }, value })),
  },
  {
    name: 'vmc_deadline_limit_ratio',
    help: 'Part of each core up to which it may be reserved.',
    kind: 'gauge',
    samples: ({ telemetry: { deadlineLimit } }) => one(deadlineLimit),
  },
  {
    name: 'vmc_journal_records',
    help: 'Changes of the host that are to be undone.',
    kind: 'gauge',
    samples: ({ telemetry: { host } }) => one(host?.journalRecords),
  },
];
