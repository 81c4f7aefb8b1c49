import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { DEFAULT_MAX_STEPS } from '../../rps/index.js';
import { formatDuration, parseDuration } from '../../support/duration.js';
import { ForecastSchema } from '../forecast-schema.js';
import { ProblemError } from '../problem.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { DurationText, LEVEL_FORM, LevelText, parseLevel, SignalParams } from './parameters.js';

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
      const level = parseLevel(query.level);
      if (!(level > 0 && level < 1)) throw new ProblemError('bad-request', `level must be ${LEVEL_FORM}`);
      checkHorizon(signals, signal, query.horizon);
      const answer = signals.forecast(signal, {
        horizonNs: Number(parseDuration(query.horizon) ?? 0n),
        level,
      });
      if (!answer) throw new ProblemError('not-found', `there is no forecast of ${signal} on this host`);
      return answer;
    },
  );
}

function checkHorizon(signals: DaemonServices['signals'], signal: string, horizon: string): void {
  const recorded = signals.signals().find((one) => one.signal === signal);
  if (!recorded) return;
  const mostNs = DEFAULT_MAX_STEPS * recorded.stepNs;
  if (Number(parseDuration(horizon) ?? 0n) <= mostNs) return;
  const [least, most] = [recorded.stepNs, mostNs].map((ns) => formatDuration(ns));
  const detail = `a forecast of ${signal} looks ${least} to ${most} ahead, not ${horizon}`;
  throw new ProblemError('bad-request', detail);
}
