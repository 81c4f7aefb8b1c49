import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { parseDuration } from '../../support/duration.js';
import { ForecastSchema } from '../forecast-schema.js';
import { ProblemError } from '../problem.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { DurationText, LevelText, parseLevel, SignalParams } from './parameters.js';

/** GET /v1/forecast/{signal}?horizon=30s&level=95% */
export function forecastRoutes(app: FastifyInstance, { signals }: Pick<DaemonServices, 'signals'>): void {
  app.get<{ Params: { signal: string }; Querystring: { horizon: string; level: string } }>(
    '/v1/forecast/:signal',
    {
      schema: {
        summary: 'What a signal will be: each step up to the horizon, and the average over it',
        params: SignalParams,
        querystring: Type.Object({
          horizon: { ...DurationText, default: '30s' },
          level: { ...LevelText, default: '95%', description: 'Of the two-sided limits.' },
        }),
        response: answers(reference(ForecastSchema)),
      },
    },
    async ({ params: { signal }, query }) => {
      const horizonNs = Number(parseDuration(query.horizon) ?? 0n);
      const answer = rangeChecked(() =>
        signals.forecast(signal, { horizonNs, level: parseLevel(query.level) }),
      );
      if (!answer) throw new ProblemError('not-found', `there is no forecast of ${signal} on this host`);
      return answer;
    },
  );
}

/** The store says with a RangeError which horizons and levels it can answer for. */
function rangeChecked<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof RangeError) throw new ProblemError('bad-request', error.message);
    throw error;
  }
}
