import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;

export const SeriesSummarySchema = Type.Object(
  {
    signal: Type.String(),
    unit: Type.String({ description: 'percent, bytes, number, celsius, seconds or boolean.' }),
    stepMs: Type.Number({ description: 'Between two samples.' }),
    samples: Type.Integer({ description: 'That are kept.' }),
    latest: Type.Union([Type.Number(), Type.Null()], { description: 'Null: lost, or none yet.' }),
  },
  { ...closed, $id: 'SeriesSummary', title: 'A recorded signal' },
);

export const SeriesSchema = Type.Object(
  {
    signal: Type.String(),
    unit: Type.String(),
    fromMs: Type.Number({ description: 'Wall-clock instant of the first value.' }),
    stepMs: Type.Number(),
    values: Type.Array(Type.Union([Type.Number(), Type.Null()]), {
      description: 'Oldest first, averages over stepMs; null: missed.',
    }),
  },
  { ...closed, $id: 'Series', title: 'Samples of a signal' },
);

export type SeriesSummary = Static<typeof SeriesSummarySchema>;
export type Series = Static<typeof SeriesSchema>;
