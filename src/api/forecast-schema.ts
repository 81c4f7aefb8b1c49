import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;

const Prediction = Type.Object(
  {
    mean: Type.Number(),
    variance: Type.Number({ description: 'Of the error of the mean.' }),
    lower: Type.Number({ description: 'Two-sided limit at the level asked for.' }),
    upper: Type.Number(),
  },
  { ...closed, description: 'In the unit of the signal, clipped to what the signal can be.' },
);

const Accuracy = Type.Object(
  {
    scored: Type.Integer({ description: 'Past forecasts whose outcome has come.' }),
    coverage: Type.Union([Type.Number(), Type.Null()], {
      description: 'Share of outcomes inside the interval at the level asked for.',
    }),
    errorAgainstLast: Type.Union([Type.Number(), Type.Null()], {
      description: 'Mean squared error as a fraction of that of persistence.',
    }),
  },
  closed,
);

/** The answer of `GET /v1/forecast/{signal}` and `vmc predict`. */
export const ForecastSchema = Type.Object(
  {
    signal: Type.String(),
    unit: Type.String(),
    atMs: Type.Number({ description: 'Wall-clock instant of the newest sample.' }),
    stepMs: Type.Number({ description: 'Between two steps.' }),
    level: Type.Number(),
    status: Type.Union([Type.Literal('warming'), Type.Literal('ready'), Type.Literal('constant')]),
    model: Type.String(),
    samples: Type.Integer({ description: 'Behind the model.' }),
    fitNs: Type.Number({ description: 'What the last fit took.' }),
    steps: Type.Array(Prediction, { description: '[h - 1]: h steps ahead.' }),
    average: Type.Union([Prediction], { description: 'Of the average over the whole horizon.' }),
    accuracy: Type.Array(Type.Object({ steps: Type.Integer(), step: Accuracy, average: Accuracy }, closed), {
      description: 'How its own past forecasts fared, at some horizons.',
    }),
  },
  { ...closed, $id: 'forecast.schema.json', title: 'vmc forecast' },
);

export type Forecast = Static<typeof ForecastSchema>;
