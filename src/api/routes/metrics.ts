import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
// biome-ignore lint/correctness/useImportExtensions: not a module of ours, a JSON file.
import packageJson from '../../../package.json' with { type: 'json' };
import { STEPS_OF_ONE_REQUEST } from '../forecasts/forecast-query.js';
import type { Spend } from '../http-access.js';
import type { HttpTraffic } from '../http-traffic.js';
import {
  DEFAULT_HORIZONS,
  DEFAULT_LEVELS,
  forecastChoice,
  hostForecasts,
} from '../metrics/host-forecasts.js';
import { METRICS_TYPE, renderMetrics } from '../metrics/render-metrics.js';
import { answers } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { DurationText, LevelText } from './parameters.js';

/** A scrape looks at everything: as much work as so many other requests, besides its forecasts. */
const COST = 4;
const MOST_HORIZONS = 5;
const MOST_LEVELS = 3;

/** Given several times, as Prometheus does with a list of `params`. */
const Chosen = Type.Object({
  horizon: Type.Array(DurationText, {
    maxItems: MOST_HORIZONS,
    default: [...DEFAULT_HORIZONS],
    description: 'Over which the forecasts of the host’s signals are averages.',
  }),
  level: Type.Array(LevelText, {
    maxItems: MOST_LEVELS,
    default: [...DEFAULT_LEVELS],
    description: 'Of their two-sided limits.',
  }),
});

export interface MetricsOptions {
  readonly traffic: HttpTraffic;
  readonly spend: Spend;
}

/** GET /metrics?horizon=10s&level=95%, for Prometheus. */
export function metricsRoute(
  app: FastifyInstance,
  services: DaemonServices,
  { traffic, spend }: MetricsOptions,
): void {
  const events = new Map<string, number>();
  const unsubscribe = services.events.subscribe(({ kind }) => events.set(kind, (events.get(kind) ?? 0) + 1));
  app.addHook('onClose', async () => unsubscribe());
  app.get<{ Querystring: Static<typeof Chosen> }>(
    '/metrics',
    {
      config: { cost: COST },
      schema: {
        summary: 'Metrics for Prometheus',
        querystring: Chosen,
        response: {
          ...answers(Type.Null()),
          200: {
            description: 'The text exposition format, version 0.0.4.',
            content: { 'text/plain': { schema: Type.String() } },
          },
        },
      },
    },
    async (request, reply) => {
      const { horizon, level } = request.query;
      const host = await hostForecasts(services.signals, forecastChoice(horizon, level), (steps) =>
        spend(request, steps / STEPS_OF_ONE_REQUEST),
      );
      const text = await renderMetrics({
        version: packageJson.version,
        status: services.status(),
        plan: services.plan(),
        telemetry: services.telemetry(),
        traffic,
        host,
        events,
      });
      return reply.type(METRICS_TYPE).serializer(String).send(text);
    },
  );
}
