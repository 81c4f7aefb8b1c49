import type { Plan } from '../../compiler/plan.js';
import type { Status } from '../../enforce/status.js';
import type { Telemetry } from '../../enforce/telemetry.js';
import type { HttpTraffic } from '../http-traffic.js';
import type { HostForecasts } from './host-forecasts.js';

/** All that metrics are made of, at one instant. */
export interface Snapshot {
  readonly version: string;
  /** Null until the first observation of the host. */
  readonly status: Status | null;
  readonly plan: Plan;
  readonly telemetry: Telemetry;
  readonly traffic: HttpTraffic;
  readonly host: HostForecasts;
  /** Events by their kind, since the daemon began. */
  readonly events: ReadonlyMap<string, number>;
}

export interface MetricSample {
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/**
 * One metric of `/metrics`, named by Prometheus's conventions: base units, `_total` for what only grows.
 * INVARIANT: the values of a label are bounded by the policy or by the interface, never by what guests or clients do.
 */
export interface Metric {
  readonly name: `${string}_total` | string;
  readonly help: string;
  readonly kind: 'gauge' | 'counter';
  readonly labels?: readonly string[];
  readonly samples: (snapshot: Snapshot) => readonly MetricSample[];
}

/** Sums by labels: each combination that occurs once. */
export function sumsBy(samples: readonly MetricSample[]): readonly MetricSample[] {
  const sums = new Map<string, MetricSample>();
  for (const sample of samples) {
    const key = JSON.stringify(sample.labels ?? {});
    sums.set(key, { ...sample, value: sample.value + (sums.get(key)?.value ?? 0) });
  }
  return [...sums.values()];
}
