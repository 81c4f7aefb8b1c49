import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { parseDuration } from '../../support/duration.js';
import { ForecastSchema } from '../forecast-schema.js';
import { ProblemError, type ProblemKind } from '../problem.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices, ForecastRefusal } from '../services.js';
import { DurationText, LevelText, parseLevel, SignalParams } from './parameters.js';

const KINDS: Readonly<Record<ForecastRefusal['refused'], ProblemKind>> = {
  'no-such-signal': 'not-found',
  'too-far': 'bad-request',
  'too-few-samples': 'no-answer',
};

/** GET /v1/forecast/{signal}?horizon=30s&level=95% */
export function forecastRoutes(app: FastifyInstance, services: Pick<DaemonServices, 'forecast'>): void {
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
      const level = parseLevel(query.level);
      const horizonNs = parseDuration(query.horizon);
      if (horizonNs === null || horizonNs === 0n)
        throw new ProblemError('bad-request', 'the horizon is no time');
      if (level <= 0 || level >= 1) throw new ProblemError('bad-request', 'a level lies between 0% and 100%');
      const answer = services.forecast(signal, horizonNs, level);
      if ('refused' in answer) throw new ProblemError(KINDS[answer.refused], answer.message);
      return answer;
    },
  );
}
