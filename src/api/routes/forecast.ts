import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ForecastSchema, ForecastsSchema, ForecastUpdateSchema } from '../forecast-schema.js';
import { ForecastBatch, MOST_QUERIES, MOST_STEPS } from '../forecasts/forecast-batch.js';
import { DEFAULT_HORIZON, DEFAULT_LEVEL, type ForecastQuery } from '../forecasts/forecast-query.js';
import { ForecastStream } from '../forecasts/forecast-stream.js';
import { ForecastTexts } from '../forecasts/forecast-texts.js';
import type { Spend } from '../http-access.js';
import type { OpenStreams } from '../open-streams.js';
import { answers, reference } from '../schema-reference.js';
import type { DaemonServices } from '../services.js';
import { DURATION_FORM, DurationText, LEVEL_FORM, LevelText, SignalParams } from './parameters.js';

const JSON_TYPE = 'application/json; charset=utf-8';

interface Asked {
  readonly Params: { readonly signal: string };
  readonly Querystring: { readonly horizon: string; readonly level: string };
}

const Parameters = Type.Object({
  horizon: { ...DurationText, default: DEFAULT_HORIZON },
  level: { ...LevelText, default: DEFAULT_LEVEL, description: 'Of the two-sided limits.' },
});

/** Horizons and levels that are none have a problem in their own place, and so are any texts here. */
const BatchBody = Type.Object(
  {
    queries: Type.Array(
      Type.Object(
        {
          signal: SignalParams.properties.signal,
          horizon: Type.String({
            maxLength: 32,
            default: DEFAULT_HORIZON,
            description: `How far ahead: ${DURATION_FORM}.`,
          }),
          level: Type.String({
            maxLength: 16,
            default: DEFAULT_LEVEL,
            description: `Of the two-sided limits: ${LEVEL_FORM}.`,
          }),
        },
        { additionalProperties: false },
      ),
      {
        minItems: 1,
        maxItems: MOST_QUERIES,
        description: `Their forecasts have at most ${MOST_STEPS} steps together.`,
      },
    ),
  },
  { additionalProperties: false },
);

/** GET /v1/forecast/{signal}, GET /v1/forecast/{signal}/stream, POST /v1/forecasts. */
export function forecastRoutes(
  app: FastifyInstance,
  { signals, onSample }: Pick<DaemonServices, 'signals' | 'onSample'>,
  { spend, streams }: { readonly spend: Spend; readonly streams: OpenStreams },
): void {
  const texts = new ForecastTexts(signals);
  app.get<Asked>(
    '/v1/forecast/:signal',
    {
      schema: {
        summary: 'What a signal will be: each step up to the horizon, and the average over it',
        params: SignalParams,
        querystring: Parameters,
        response: answers(reference(ForecastSchema)),
      },
    },
    ({ params: { signal }, query: { horizon, level } }, reply) => {
      reply.type(JSON_TYPE).send(texts.text({ signal, horizon, level }));
    },
  );
  app.get<Asked>(
    '/v1/forecast/:signal/stream',
    {
      // It would be a stream of nothing.
      exposeHeadRoute: false,
      schema: {
        summary: 'The forecast, and another one for each sample (text/event-stream)',
        params: SignalParams,
        querystring: Parameters,
        response: {
          ...answers(Type.Null()),
          200: {
            description:
              'Events of one line of data each: `forecast`, and where the signal is not recorded any more one `end`, whose data is {"problem"}.',
            content: { 'text/event-stream': { schema: reference(ForecastUpdateSchema) } },
          },
        },
      },
    },
    (request, reply) => {
      const query: ForecastQuery = { ...request.params, ...request.query };
      // Refused before it is a stream.
      texts.text(query);
      const response = streams.open(request, reply);
      const stream = new ForecastStream({ response, query, signals, texts, log: app.log });
      const unsubscribe = onSample(() => stream.update());
      response.once('close', unsubscribe);
      stream.update();
    },
  );
  app.post<{ Body: Static<typeof BatchBody> }>(
    '/v1/forecasts',
    {
      schema: {
        summary: 'Many forecasts at once: of several signals, over several horizons, at several levels',
        body: BatchBody,
        response: answers(reference(ForecastsSchema)),
      },
    },
    async (request, reply) => {
      const batch = new ForecastBatch(signals, request.body.queries);
      spend(request, batch.cost);
      return reply.type(JSON_TYPE).send(await batch.text(texts));
    },
  );
}
