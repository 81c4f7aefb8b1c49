import { type Static, Type } from '@sinclair/typebox';

const closed = { additionalProperties: false };
const Score = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

/** The scores of one model on one series, so many steps ahead. */
const Row = Type.Object(
  {
    series: Type.String({ description: 'The file as it was named, without .csv.' }),
    model: Type.String({ description: '`default`, or the name that was asked for.' }),
    h: Type.Integer({ minimum: 1, description: 'Steps ahead.' }),
    n: Type.Integer({ minimum: 0, description: 'Forecasts scored; 0: the series is as good as constant.' }),
    mse: Score('Mean squared error, in the square of the unit.'),
    mae: Score('Mean absolute error, in the unit.'),
    mase: Score('Mean absolute error relative to the mean absolute step within the training window.'),
    cov80: Score('Share of the outcomes inside the interval at 80%.'),
    cov95: Score('The same at 95%.'),
    iscore80: Score('Interval score at 80%: width, and ten times what an outcome lies outside.'),
    iscore95: Score('The same at 95%, forty times.'),
  },
  closed,
);

/** The document of `vmc backtest`. */
export const BacktestSchema = Type.Object(
  { protocol: Type.Union([Type.Literal('p1'), Type.Literal('p2')]), rows: Type.Array(Row) },
  { ...closed, $id: 'backtest.schema.json', title: 'vmc backtest' },
);

export type Backtest = Static<typeof BacktestSchema>;
