import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
// biome-ignore lint/correctness/useImportExtensions: not a module of ours, a JSON file.
import packageJson from '../../../package.json' with { type: 'json' };
import type { HttpTraffic } from '../http-traffic.js';
import { METRICS_TYPE, renderMetrics } from '../metrics/render-metrics.js';
import type { DaemonServices } from '../services.js';

/** A scrape looks at everything: as much work as so many other requests. */
const COST = 4;

/** GET /metrics, for Prometheus. */
export function metricsRoute(app: FastifyInstance, services: DaemonServices, traffic: HttpTraffic): void {
  const events = new Map<string, number>();
  const unsubscribe = services.events.subscribe(({ kind }) => events.set(kind, (events.get(kind) ?? 0) + 1));
  app.addHook('onClose', async () => unsubscribe());
  app.get(
    '/metrics',
    {
      config: { cost: COST },
      schema: {
        summary: 'Metrics for Prometheus',
        response: {
          200: {
            description: 'The text exposition format, version 0.0.4.',
            content: { 'text/plain': { schema: Type.String() } },
          },
        },
      },
    },
    async (_request, reply) => {
      const text = await renderMetrics({
        version: packageJson.version,
        status: services.status(),
        plan: services.plan(),
        telemetry: services.telemetry(),
        traffic,
        events,
      });
      return reply.type(METRICS_TYPE).serializer(String).send(text);
    },
  );
}
