import { Counter, Gauge, Registry } from 'prom-client';
import { ENFORCER_METRICS } from './enforcer-metrics.js';
import { FORECAST_METRICS } from './forecast-metrics.js';
import { GUEST_METRICS } from './guest-metrics.js';
import type { Metric, Snapshot } from './metric.js';
import { HTTP_METRICS, PROCESS_METRICS } from './process-metrics.js';

/** Every metric of the daemon. */
export const METRICS: readonly Metric[] = [
  ...ENFORCER_METRICS,
  ...GUEST_METRICS,
  ...FORECAST_METRICS,
  ...HTTP_METRICS,
  ...PROCESS_METRICS,
];

/** The text exposition format of Prometheus, version 0.0.4. Everything is measured now: nothing is kept from scrape to scrape. */
export async function renderMetrics(snapshot: Snapshot): Promise<string> {
  const registry = new Registry();
  for (const { name, help, kind, labels = [], samples } of METRICS) {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    const metric = kind === 'counter' ? new Counter(options) : new Gauge(options);
    for (const { labels: values = {}, value } of samples(snapshot)) metric.inc({ ...values }, value);
  }
  return registry.metrics();
}

/** What {@link renderMetrics} answers, for the header. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
