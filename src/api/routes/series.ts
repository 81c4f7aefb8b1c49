import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { parseDuration } from '../../support/duration.js';
import { HistorySchema, SignalInfoSchema } from '../forecast-schema.js';
import { ProblemError } from '../problem.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { DurationText, SignalParams } from './parameters.js';

const Query = Type.Object({
  from: Type.Optional(
    Type.Number({ minimum: 0, description: 'Wall-clock instant, ms; default: all that is kept.' }),
  ),
  step: Type.Optional({ ...DurationText, description: 'Means over so long; default: each sample.' }),
});

/** GET /v1/series, /v1/series/{signal}. */
export function seriesRoutes(app: FastifyInstance, { signals }: Pick<DaemonServices, 'signals'>): void {
  app.get(
    '/v1/series',
    {
      schema: {
        summary: 'The recorded signals',
        response: answers(Type.Array(reference(SignalInfoSchema))),
      },
    },
    async () => signals.signals(),
  );
  app.get<{ Params: { signal: string }; Querystring: { from?: number; step?: string } }>(
    '/v1/series/:signal',
    {
      schema: {
        summary: 'Samples of a signal',
        params: SignalParams,
        querystring: Query,
        response: answers(reference(HistorySchema)),
      },
    },
    async ({ params: { signal }, query: { from, step } }) => {
      const stepNs = step === undefined ? null : parseDuration(step);
      const answer = signals.history(signal, {
        ...(from !== undefined && { fromMs: from }),
        ...(stepNs !== null && { stepNs: Number(stepNs) }),
      });
      if (!answer)
        throw new ProblemError('not-found', `no samples of ${signal} have been taken on this host`);
      return answer;
    },
  );
}
