import { readdirSync } from 'node:fs';
import type { Metric } from './metric.js';

const US = 1e6;

/**
 * The daemon's own process, under the names that Prometheus's clients use. Measured when they are asked for: the default
 * metrics of prom-client keep timers that would wake an idle daemon a hundred times a second.
 */
export const PROCESS_METRICS: readonly Metric[] = [
  {
    name: 'process_cpu_seconds_total',
    help: 'CPU time of the daemon, its threads included.',
    kind: 'counter',
    samples: () => {
      const { user, system } = process.cpuUsage();
      return [{ value: (user + system) / US }];
    },
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Resident memory of the daemon.',
    kind: 'gauge',
    samples: () => [{ value: process.memoryUsage.rss() }],
  },
  {
    name: 'process_start_time_seconds',
    help: 'When the daemon began.',
    kind: 'gauge',
    samples: () => [{ value: Date.now() / 1000 - process.uptime() }],
  },
  {
    name: 'process_open_fds',
    help: 'Open file descriptors of the daemon.',
    kind: 'gauge',
    samples: () => [{ value: readdirSync('/proc/self/fd').length }],
  },
  {
    name: 'nodejs_heap_used_bytes',
    help: 'Heap of the JavaScript engine in use.',
    kind: 'gauge',
    samples: () => [{ value: process.memoryUsage().heapUsed }],
  },
];

/** The HTTP interface itself. Routes are those of the interface, so that no path of a client's makes a series. */
export const HTTP_METRICS: readonly Metric[] = [
  {
    name: 'vmc_http_requests_total',
    help: 'Requests that were answered.',
    kind: 'counter',
    labels: ['method', 'route', 'code'],
    samples: ({ traffic }) =>
      [...traffic.requests.values()].map(({ method, route, code, count }) => ({
        labels: { method, route, code },
        value: count,
      })),
  },
  {
    name: 'vmc_http_turned_away_total',
    help: 'Clients that were turned away: too many connections or streams, too often, no token, another host.',
    kind: 'counter',
    labels: ['reason'],
    samples: ({ traffic }) =>
      [...traffic.turnedAway].map(([reason, value]) => ({ labels: { reason }, value })),
  },
  {
    name: 'vmc_http_connections',
    help: 'Open connections.',
    kind: 'gauge',
    samples: ({ traffic }) => [{ value: traffic.openConnections }],
  },
  {
    name: 'vmc_http_streams',
    help: 'Open streams of events.',
    kind: 'gauge',
    samples: ({ traffic }) => [{ value: traffic.openStreams }],
  },
];
