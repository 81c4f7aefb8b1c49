import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { DiagnosticSchema } from './diagnostics-schema.js';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(type: T, description: string) =>
  Type.Union([type, Type.Null()], { description });
const oneOf = <T extends string>(...values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)));
const Modes = Type.Array(Type.String(), { description: "Ids of the plan's modes." });

const Granted = Type.Object(
  {
    modes: Modes,
    test: oneOf('partitioned-edf', 'gfb', 'devi-anderson', 'none'),
    servers: Type.Array(
      Type.Object(
        {
          member: Type.Integer({ description: 'Which of the guests, from 0.' }),
          thread: Type.String(),
          core: Nullable(Type.Integer(), 'Null: any.'),
          budgetNs: Type.Integer(),
          periodNs: Type.Integer(),
        },
        closed,
      ),
    ),
    moved: Type.Integer({ description: 'Servers of the plan that would go to other cores for it.' }),
  },
  closed,
);

const Refused = Type.Object(
  {
    modes: Modes,
    example: Nullable(Type.String(), 'An instant (RFC 9557) of one of them; null: any.'),
    obstacle: oneOf(
      'cores',
      'placement',
      'guarantees',
      'weights',
      'restriction',
      'memory',
      'interface',
      'timetable',
      'assertion',
      'host',
      'size',
      'hardness',
      'undecided',
      'conflict',
    ),
    code: Nullable(
      Type.String(),
      'Of the diagnostic that compiling policy and request together gives; null: none.',
    ),
    reason: Nullable(Type.String(), 'What it says, or the arithmetic; null: no more than the obstacle.'),
    proof: Type.Boolean({
      description: 'It is certain; else what was tried does not fit, or the plan alone does not say.',
    }),
  },
  closed,
);

const CounterOffer = Type.Object(
  {
    changes: oneOf('budget', 'period', 'window', 'guarantee', 'guests'),
    text: Type.String({ description: 'As a request says it.' }),
    value: Type.Number({ description: 'Nanoseconds, cores or guests: the best that would be admitted.' }),
  },
  closed,
);

/** What `vmc admit --format json` writes, and POST /v1/admit answers. */
export const AdmissionSchema = Type.Object(
  {
    answer: Nullable(
      Type.Object(
        {
          admitted: Type.Boolean(),
          request: Type.Object(
            { name: Type.String(), guests: Type.Integer(), vcpus: Type.Integer() },
            closed,
          ),
          granted: Type.Array(Granted, { description: 'What it would get where it fits.' }),
          refused: Type.Array(Refused, { description: 'Where it does not.' }),
          counterOffers: Type.Array(CounterOffer, {
            description: 'What would be admitted in all modes, each with all else as asked.',
          }),
          sought: Type.Boolean({
            description:
              'Whether that was looked for: not where no number helps, nor beside a plan for which it takes too long.',
          }),
        },
        closed,
      ),
      'Null: the request has errors.',
    ),
    problem: Nullable(Type.String(), 'Why the text is no request; null: it is one, or has errors.'),
    diagnostics: Type.Array(DiagnosticSchema),
  },
  { ...closed, $id: 'admission.schema.json', title: 'vmc admit' },
);

export type AdmissionDocument = Static<typeof AdmissionSchema>;
