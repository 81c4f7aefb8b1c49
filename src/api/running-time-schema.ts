import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { ASKER_KINDS } from '../rps/running-time/index.js';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(type: T, description: string) =>
  Type.Union([type, Type.Null()], { description });

const Basis = Type.Object(
  {
    mode: Nullable(Type.String(), 'Of the plan, which is taken to last; null: nothing is known of one.'),
    kind: Type.Union(
      ASKER_KINDS.map((kind) => Type.Literal(kind)),
      { description: 'How the asker gets its time. fair share: as any thread of the owner’s.' },
    ),
    aloneCores: Type.Number({
      description: 'The part of a processor that it would get beside an idle owner.',
    }),
    coresAsNow: Type.Number({
      description: 'The part that it would get if the load stayed as at the newest sample; 0: none.',
    }),
    expectedCores: Nullable(Type.Number(), 'The part that it is expected to get; null: never done.'),
    signal: Type.String({ description: 'The load that is forecast.' }),
    threads: Nullable(
      Type.Number(),
      'Of the owner’s that are expected to want to run meanwhile, on the mean; null: never done.',
    ),
    model: Type.String({
      description: 'That forecast it: AR(16) + SES, or LAST while there are few samples.',
    }),
    samples: Type.Integer({ description: 'Behind the forecast.' }),
    beyondHorizon: Type.Boolean({
      description: 'It takes longer than is forecast: the rest rests on the mean of the samples.',
    }),
    outcomes: Type.Integer({ description: 'Of like work that were told: what it was calibrated with.' }),
    calibrated: Type.Boolean({ description: 'There were enough of them.' }),
    coverage: Nullable(
      Type.Number(),
      'Share of all outcomes told that were inside their intervals, whatever the level; null: none was told.',
    ),
  },
  closed,
);

/** The answer of `POST /v1/running-time` and `vmc running-time`. */
export const RunningTimeSchema = Type.Object(
  {
    id: Nullable(Type.String(), 'To tell the outcome with; null: never done.'),
    atMs: Type.Number({ description: 'Wall-clock instant from which times count.' }),
    workNs: Type.Number({ description: 'CPU time asked about.' }),
    class: Nullable(Type.String(), 'Null: an ordinary process of the owner’s.'),
    level: Type.Number(),
    expectedNs: Nullable(Type.Number(), 'Until it is done; null: never, as long as the mode holds.'),
    lowerNs: Nullable(Type.Number(), 'Two-sided limits at the level asked for.'),
    upperNs: Type.Union([Type.Number(), Type.Null()]),
    never: Nullable(Type.String(), 'Why it is never done; null: it is.'),
    basis: Basis,
  },
  { ...closed, $id: 'running-time.schema.json', title: 'vmc running-time' },
);

export type RunningTime = Static<typeof RunningTimeSchema>;

/** The answer of `POST /v1/running-time/{id}/outcome`. */
export const RunningTimeOutcomeSchema = Type.Object(
  {
    inside: Type.Boolean({ description: 'Whether it was inside the interval that was answered.' }),
    tookOfExpected: Type.Number({ description: 'Actual time over expected time.' }),
  },
  { ...closed, $id: 'RunningTimeOutcome', title: 'How an answer compares with what came' },
);

export type RunningTimeOutcome = Static<typeof RunningTimeOutcomeSchema>;
