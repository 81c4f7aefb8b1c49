import { type TSchema, Type } from '@sinclair/typebox';
import { SIGNAL_UNITS } from '../rps/signal-catalogue.js';
import { ProblemSchema } from './problem.js';

/*
 * The JSON schemas of what src/rps answers (forecast-answer.ts there holds the types, which run without TypeBox).
 * test/api/server.test.ts holds real answers against them.
 */

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const point = {
  mean: Type.Number({ description: 'In the unit of the signal, clipped to what the signal can be.' }),
  variance: Type.Number({ description: 'Of the error of the mean.' }),
  lower: Type.Number({ description: 'Two-sided limit at the level asked for.' }),
  upper: Type.Number(),
};

const Unit = Type.Union(SIGNAL_UNITS.map((unit) => Type.Literal(unit)));

const EffectiveLevel = Nullable(
  Type.Number({
    description:
      'Level that limits are taken at now: above the asked one where too many outcomes lay beyond them. Null: not calibrated.',
  }),
);

const LimitRecord = Type.Object(
  {
    effectiveLevel: EffectiveLevel,
    auditedLevel: Type.Number({
      description: 'One-sided level nearest to (1 + the asked one) / 2, which `held` is of.',
    }),
    held: Nullable(
      Type.Number({ description: 'Share of past outcomes that such limits held, as published.' }),
    ),
  },
  { ...closed, description: 'One limit by itself.' },
);

const Accuracy = Type.Object(
  {
    scored: Type.Integer({ description: 'Past forecasts whose outcome has come.' }),
    coverage: Nullable(
      Type.Number({
        description: 'Share of outcomes inside the interval as it was published, at `auditedLevel`.',
      }),
    ),
    errorAgainstLast: Nullable(
      Type.Number({ description: 'Mean squared error as a fraction of that of persistence.' }),
    ),
  },
  closed,
);

/** The answer of `GET /v1/forecast/{signal}` and `vmc predict`. */
export const ForecastSchema = Type.Object(
  {
    signal: Type.String(),
    unit: Unit,
    atMs: Type.Number({ description: 'Wall-clock instant of the newest sample.' }),
    stepNs: Type.Number(),
    level: Type.Number(),
    steps: Type.Array(
      Type.Object({ horizonNs: Type.Number({ description: 'Time ahead.' }), ...point }, closed),
      { description: 'One for each step up to the horizon; empty when the status is empty or lost.' },
    ),
    average: Nullable(
      Type.Object(point, { ...closed, description: 'Of the average over the whole horizon.' }),
    ),
    model: Nullable(Type.String({ description: 'WEIGHTED, or LAST while warming.' })),
    fitNs: Type.Number({ description: 'What the last fit took.' }),
    samples: Type.Integer({ description: 'Behind the forecast.' }),
    coverage: Nullable(
      Type.Number({
        description:
          'Share of its own past averages over about this horizon that fell inside the interval published for them at `auditedLevel`.',
      }),
    ),
    errorAgainstLast: Nullable(
      Type.Number({ description: 'Of those averages; below 1 is better than persistence.' }),
    ),
    accuracy: Type.Array(Type.Object({ steps: Type.Integer(), step: Accuracy, average: Accuracy }, closed)),
    auditedLevel: Type.Number({
      description:
        'The level nearest to the asked one at which published intervals are audited: 0.5, 0.8, 0.9, 0.95, 0.98 or 0.99.',
    }),
    calibration: Type.Object(
      {
        calibrated: Type.Boolean({
          description: 'False: too few errors are known; limits are those of normal errors.',
        }),
        errors: Type.Integer({ description: 'Past errors that the limits come from, at most 600.' }),
        effectiveLevel: EffectiveLevel,
        lower: LimitRecord,
        upper: LimitRecord,
      },
      { ...closed, description: 'Of the average over the whole horizon.' },
    ),
    status: Type.Union(
      (['empty', 'warming', 'ready', 'constant', 'lost'] as const).map((status) => Type.Literal(status)),
    ),
  },
  { ...closed, $id: 'forecast.schema.json', title: 'vmc forecast' },
);

const Forecast = Type.Object(ForecastSchema.properties, closed);

const asked = {
  signal: Type.String(),
  horizon: Type.String({ description: 'As it was asked for.' }),
  level: Type.String({ description: 'As it was asked for.' }),
};

/** The answer of `POST /v1/forecasts`, and of `vmc predict` where several forecasts are asked for. */
export const ForecastsSchema = Type.Object(
  {
    forecasts: Type.Array(
      Type.Union([
        Type.Object({ ...asked, forecast: Forecast }, closed),
        Type.Object({ ...asked, problem: Type.Object(ProblemSchema.properties) }, closed),
      ]),
      { description: 'In the order in which they were asked for; one that there is not has its problem.' },
    ),
  },
  { ...closed, $id: 'forecasts.schema.json', title: 'vmc forecasts' },
);

/** The data of an event of `GET /v1/forecast/{signal}/stream`, and a line of `vmc predict -f`. */
export const ForecastUpdateSchema = Type.Object(
  {
    skipped: Type.Integer({
      description: 'Forecasts since the last one that were not sent, because that was not read yet.',
    }),
    forecast: Forecast,
  },
  { ...closed, $id: 'forecast-update.schema.json', title: 'vmc forecast update' },
);

export const SignalInfoSchema = Type.Object(
  {
    signal: Type.String(),
    unit: Unit,
    stepNs: Type.Number(),
    samples: Type.Integer({ description: 'That are kept, gaps included.' }),
    latest: Nullable(Type.Number({ description: 'Null: lost.' })),
    forecast: Type.Boolean({ description: 'A Boolean has samples but no forecast.' }),
  },
  { ...closed, $id: 'SignalInfo', title: 'A recorded signal' },
);

export const HistorySchema = Type.Object(
  {
    signal: Type.String(),
    unit: Unit,
    fromMs: Type.Number({ description: 'Wall-clock instant of the first value.' }),
    stepNs: Type.Number(),
    values: Type.Array(Nullable(Type.Number()), { description: 'Oldest first; null: missed.' }),
  },
  { ...closed, $id: 'History', title: 'Samples of a signal' },
);
