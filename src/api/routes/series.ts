import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { parseDuration } from '../../support/duration.js';
import { ProblemError } from '../problem.js';
import { answers, reference } from '../schema-reference.js';
import { SeriesSchema, SeriesSummarySchema } from '../series-schema.js';
import type { DaemonServices } from '../services.js';
import { DurationText, SignalParams } from './parameters.js';

const Query = Type.Object({
  from: Type.Optional(
    Type.Number({ minimum: 0, description: 'Wall-clock instant, ms; default: all that is kept.' }),
  ),
  step: Type.Optional({ ...DurationText, description: 'Averages over so long; default: each sample.' }),
});

/** GET /v1/series, /v1/series/{signal}. */
export function seriesRoutes(app: FastifyInstance, { series }: Pick<DaemonServices, 'series'>): void {
  app.get(
    '/v1/series',
    {
      schema: {
        summary: 'The recorded signals',
        response: answers(Type.Array(reference(SeriesSummarySchema))),
      },
    },
    async () => series.list(),
  );
  app.get<{ Params: { signal: string }; Querystring: { from?: number; step?: string } }>(
    '/v1/series/:signal',
    {
      schema: {
        summary: 'Samples of a signal',
        params: SignalParams,
        querystring: Query,
        response: answers(reference(SeriesSchema)),
      },
    },
    async ({ params: { signal }, query: { from = 0, step } }) => {
      const stepMs = step === undefined ? 0 : Number(parseDuration(step)) / 1e6;
      const answer = series.read(signal, from, stepMs);
      if (!answer) throw new ProblemError('not-found', `there is no signal ${signal} on this host`);
      return answer;
    },
  );
}
