import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { parseDuration } from '../../support/duration.js';
import { HistorySchema, SignalInfoSchema } from '../forecast-schema.js';
import { signalHint } from '../forecasts/forecast-query.js';
import { ProblemError } from '../problem.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { DurationText, SignalParams } from './parameters.js';
import { whatIsKnown } from './what-is-known.js';

const Query = Type.Object({
  from: Type.Optional(
    Type.Number({
      minimum: 0,
      description: 'Wall-clock instant, ms; default: the last hour, which is in memory.',
    }),
  ),
  step: Type.Optional({
    ...DurationText,
    description:
      'Means over so long; default and least: each sample, what began over a day ago a minute, over 31 days an hour.',
  }),
});

/** GET /v1/series, /v1/series/{signal}. */
export function seriesRoutes(
  app: FastifyInstance,
  { signals, samples }: Pick<DaemonServices, 'signals' | 'samples'>,
): void {
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
      if (stepNs === 0n)
        throw new ProblemError('bad-request', 'step must be above 0, or left out: then it is each sample');
      const answer = await whatIsKnown(
        samples(signal, {
          ...(from !== undefined && { fromMs: from }),
          ...(stepNs !== null && { stepNs: Number(stepNs) }),
        }),
      );
      if (!answer) {
        const hint = signalHint(signals, signal);
        throw new ProblemError('not-found', `no samples of ${signal} have been taken on this host; ${hint}`);
      }
      return answer;
    },
  );
}
