import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { DiagnosticSchema } from './diagnostics-schema.js';

const closed = { additionalProperties: false } as const;
const place = { file: DiagnosticSchema.properties.file, range: DiagnosticSchema.properties.range };
const Nullable = <T extends TSchema>(type: T, description: string) =>
  Type.Union([type, Type.Null()], { description });
const oneOf = <T extends string>(...values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)));

const Place = Type.Object(place, closed);

const Declaration = Type.Object(
  {
    what: oneOf('host', 'class', 'union', 'offer', 'ignore', 'switch', 'signal', 'condition', 'order'),
    name: Type.String({ description: 'In the new policy; of what is gone, in the old one.' }),
    change: oneOf('added', 'removed', 'renamed', 'changed'),
    details: Type.Array(Type.String(), {
      description: 'What differs; of what is renamed the old name first.',
    }),
    old: Nullable(Place, 'Null where it is not there.'),
    new: Nullable(Place, 'Null where it is not there.'),
  },
  closed,
);

const Side = Type.Object(
  {
    text: Type.String({ description: 'What the subject gets.' }),
    because: Type.Array(Type.Object({ sentence: Type.String(), ...place }, closed)),
  },
  closed,
);

const Change = Type.Object(
  {
    subjects: Type.Array(Type.String(), { description: 'For each of which it is the same.' }),
    when: Nullable(
      Type.Array(Type.String()),
      'Ways in which it comes about, each a conjunction of conditions; none: in every mode; null: few words do not tell.',
    ),
    modes: Type.Array(
      Type.Object(
        {
          conditions: Type.String({ description: 'Of both policies, with their values.' }),
          example: Nullable(Type.String(), 'RFC 9557; null where no calendar plays a part.'),
        },
        closed,
      ),
    ),
    items: Type.Array(
      Type.Object(
        {
          topic: Type.String(),
          old: Nullable(Side, 'Null: nothing of the kind.'),
          new: Nullable(Side, 'Null: nothing of the kind.'),
        },
        closed,
      ),
    ),
  },
  closed,
);

/** What `vmc diff --format json` writes. */
export const PolicyDiffSchema = Type.Object(
  {
    diff: Type.Optional(
      Type.Object(
        {
          equal: Type.Boolean({ description: 'The policies have the same effect on this host.' }),
          modes: Type.Integer({ description: 'Combinations of the conditions of both that can occur.' }),
          declarations: Type.Array(Declaration),
          changes: Type.Array(Change, { description: 'By sentences that speak of the subjects.' }),
          consequences: Type.Array(Change, { description: 'What follows from that for others.' }),
        },
        { ...closed, description: 'Absent where one of the policies has no plan.' },
      ),
    ),
    diagnostics: Type.Array(DiagnosticSchema, { description: 'Of the old policy, then of the new.' }),
  },
  { ...closed, $id: 'policy-diff.schema.json', title: 'vmc diff' },
);

export type PolicyDiffDocument = Static<typeof PolicyDiffSchema>;
