import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { SETTING_MECHANISMS } from '../compiler/setting-mechanisms.js';
import { DiagnosticSchema } from './diagnostics-schema.js';

const closed = { additionalProperties: false } as const;
const place = { file: DiagnosticSchema.properties.file, range: DiagnosticSchema.properties.range };
const Nullable = <T extends TSchema>(type: T, description: string) =>
  Type.Union([type, Type.Null()], { description });
const oneOf = <T extends string>(...values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)));

const Contribution = Type.Object(
  {
    text: Type.String({ description: 'The sentence, or the head of a declaration, white space folded.' }),
    ...place,
    role: Type.String({ description: 'What it does here.' }),
    decides: Type.Boolean({ description: 'Without it the answer would be another.' }),
    certain: Type.Boolean({
      description: 'False: in force only because it is unknown whether its condition holds.',
    }),
    when: Nullable(Type.String(), 'What has to hold for it to be in force; null: nothing.'),
  },
  closed,
);

const Means = Type.Object(
  {
    mechanism: oneOf(...SETTING_MECHANISMS),
    on: Type.String({ description: 'The subject on which it acts: the explained one, or one around it.' }),
    numbers: Type.String(),
    fidelity: Type.String({ description: 'How well it keeps it.' }),
    why: Type.String({
      description: 'Why this mechanism: the first choice, asked for, or what it stands in for.',
    }),
    does: Type.String({ description: 'How it works.' }),
  },
  closed,
);

const Point = Type.Object(
  {
    topic: oneOf(
      'running',
      'reservation',
      'most',
      'least',
      'weights',
      'placement',
      'memory',
      'disk',
      'network',
      'budget',
    ),
    says: Type.String({ description: 'What the subject gets.' }),
    from: Type.Array(Contribution, { description: 'Those that decide it first.' }),
    leastOf: Type.Array(Type.String(), { description: 'Amounts of which the number is the least.' }),
    steps: Type.Array(Type.String(), { description: 'The arithmetic, and the proof.' }),
    means: Type.Array(Means, { description: 'What keeps it.' }),
  },
  closed,
);

const Treatment = Type.Object(
  {
    when: Nullable(
      Type.Array(Type.String()),
      'Ways in which it comes about where none of the treatments before this one applies; none: in all other modes; null: few words do not tell.',
    ),
    modes: Type.Array(
      Type.Object(
        {
          conditions: Type.String({ description: 'With their values.' }),
          example: Nullable(Type.String(), 'RFC 9557; null where no calendar plays a part.'),
        },
        closed,
      ),
    ),
    points: Type.Array(Point),
  },
  closed,
);

const Condition = Type.Object(
  {
    condition: Type.String(),
    value: Type.Union([Type.Boolean(), Type.Literal('unknown'), Type.Null()], {
      description: 'Null: it depends on the time, which is not given.',
    }),
    why: Type.String(),
  },
  closed,
);

/** What `vmc explain FILE SUBJECT --format json` writes. */
export const ExplanationSchema = Type.Object(
  {
    explanation: Type.Optional(
      Type.Object(
        {
          subject: Type.String(),
          kind: oneOf('vm', 'group', 'union', 'offer', 'guests', 'others', 'owner'),
          who: Type.String(),
          conditions: Nullable(
            Type.Array(Condition),
            'Of the situation that is given; null where every situation is explained.',
          ),
          aspects: Type.Array(
            Type.Object(
              {
                aspect: oneOf('cpu', 'cores', 'memory', 'disk', 'network', 'budget'),
                treatments: Type.Array(Treatment, { description: 'The first that applies counts.' }),
              },
              closed,
            ),
          ),
        },
        { ...closed, description: 'Absent where no plan can be made.' },
      ),
    ),
    diagnostics: Type.Array(DiagnosticSchema, {
      description: "Of the policy, or of the arguments: those are the files '--at' and '--given'.",
    }),
  },
  { ...closed, $id: 'explanation.schema.json', title: 'vmc explain' },
);

export type ExplanationDocument = Static<typeof ExplanationSchema>;
