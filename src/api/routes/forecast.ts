import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ForecastSchema } from '../forecast-schema.js';
import { DEFAULT_HORIZON, DEFAULT_LEVEL } from '../forecasts/forecast-query.js';
import type { ForecastTexts } from '../forecasts/forecast-texts.js';
import { answers, reference } from '../schema-reference.js';
import { DurationText, LevelText, SignalParams } from './parameters.js';

const JSON_TYPE = 'application/json; charset=utf-8';

/** The parameters of a forecast in a URL. */
const ForecastParameters = Type.Object({
  horizon: { ...DurationText, default: DEFAULT_HORIZON },
  level: { ...LevelText, default: DEFAULT_LEVEL, description: 'Of the two-sided limits.' },
});

/** GET /v1/forecast/{signal}?horizon=30s&level=95% */
export function forecastRoutes(app: FastifyInstance, texts: ForecastTexts): void {
  app.get<{ Params: { signal: string }; Querystring: { horizon: string; level: string } }>(
    '/v1/forecast/:signal',
    {
      schema: {
        summary: 'What a signal will be: each step up to the horizon, and the average over it',
        params: SignalParams,
        querystring: ForecastParameters,
        response: answers(reference(ForecastSchema)),
      },
    },
    ({ params: { signal }, query: { horizon, level } }, reply) => {
      reply.type(JSON_TYPE).send(texts.text({ signal, horizon, level }));
    },
  );
}
