import { type Static, type TSchema, Type } from '@sinclair/typebox';
import {
  AtomStatusSchema,
  ConditionStatusSchema,
  FindingSchema,
  MeasureSchema,
  ModeStatusSchema,
} from '../enforce/status.js';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T, description: string) =>
  Type.Union([schema, Type.Null()], { description });

const Kept = Type.Object(
  {
    mechanism: Type.String(),
    summary: Type.String(),
    inForce: Type.Boolean({ description: 'Read back from the kernel.' }),
    measure: Nullable(MeasureSchema, 'Promised against delivered; null: not measured.'),
    because: Type.Array(
      Type.Object({ sentence: Type.String(), file: Type.String(), line: Type.Integer() }, closed),
      { description: 'The sentences of the policy that it follows from.' },
    ),
  },
  closed,
);

const Change = Type.Object(
  {
    condition: Type.String({ description: 'The condition that would change.' }),
    becomes: Type.Boolean(),
    atMs: Nullable(Type.Number(), 'When it changes by itself if nothing else does; null: nobody knows.'),
    mode: Type.String({ description: 'The mode that would come.' }),
    gets: Type.Array(Type.String(), { description: 'What the subject would get.' }),
  },
  closed,
);

const Limit = Type.Object(
  {
    text: Type.String({ description: 'The forecast, in the words of the policy.' }),
    level: Type.Number({ description: 'That the limit is to hold with.' }),
    calibrated: Type.Boolean({
      description: 'False: too few errors are known; the limit is that of normal errors.',
    }),
    errors: Type.Integer({ description: 'Past errors that it comes from.' }),
    effectiveLevel: Nullable(
      Type.Number(),
      'Level that it is taken at now: above `level` where it was passed too often. Null: not calibrated.',
    ),
    auditedLevel: Type.Number({ description: 'Tracked level nearest to `level`, that `held` is of.' }),
    held: Nullable(Type.Number(), 'Share of past outcomes that such limits held; null: none has come.'),
  },
  closed,
);

/** What `vmc explain --live SUBJECT --format json` writes. */
export const LiveExplanationSchema = Type.Object(
  {
    subject: Type.String(),
    kind: Type.Union([Type.Literal('guest'), Type.Literal('class'), Type.Literal('mode')]),
    atMs: Type.Number(),
    mode: Nullable(ModeStatusSchema, 'Null: none yet.'),
    guests: Type.Array(
      Type.Object(
        {
          key: Type.String(),
          name: Nullable(Type.String(), 'Null: it has none.'),
          class: Nullable(Type.String(), 'Null: among others.'),
          state: Type.String(),
          kept: Type.Array(Kept),
        },
        closed,
      ),
      { description: 'The guest, or those of the class.' },
    ),
    conditions: Type.Array(
      Type.Object({ ...ConditionStatusSchema.properties, atoms: Type.Array(AtomStatusSchema) }, closed),
      { description: 'Those that decide what the subject gets, with their tests and samples.' },
    ),
    limits: Type.Array(Limit, {
      description: 'Of the forecasts in those conditions, and in elastic limits that are kept.',
    }),
    changes: Type.Array(Change, { description: 'What would change it, each alone.' }),
    findings: Type.Array(FindingSchema, { description: 'About the subject, its guests, or the host.' }),
  },
  { ...closed, $id: 'live-explanation.schema.json', title: 'vmc explain --live' },
);

export type LiveExplanation = Static<typeof LiveExplanationSchema>;
