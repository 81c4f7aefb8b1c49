import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { DiagnosticSchema } from './diagnostics-schema.js';

const closed = { additionalProperties: false } as const;
const place = { file: DiagnosticSchema.properties.file, range: DiagnosticSchema.properties.range };
const Nullable = <T extends TSchema>(type: T, description: string) =>
  Type.Union([type, Type.Null()], { description });

const Expectation = Type.Object(
  {
    text: Type.String({ description: 'As written, white space folded.' }),
    ...place,
    met: Type.Boolean(),
    expected: Type.String(),
    got: Type.String(),
    because: Type.Array(Type.Object({ role: Type.String(), ...place }, closed), {
      description: 'What decides it: sentences in force, declarations, sentences that are not in force.',
    }),
  },
  closed,
);

const Test = Type.Object(
  {
    title: Type.String(),
    ...place,
    passed: Type.Boolean(),
    mode: Nullable(
      Type.String(),
      'The mode that it is in; null where that depends on a time that it does not say.',
    ),
    expectations: Type.Array(Expectation, { description: 'None where the test cannot be evaluated.' }),
  },
  closed,
);

const Coverage = Type.Object(
  {
    sentences: Type.Array(
      Type.Object(
        {
          sentence: Type.String(),
          ...place,
          tests: Type.Integer({ minimum: 0, description: 'How many tests have it in force.' }),
        },
        closed,
      ),
    ),
    modes: Nullable(
      Type.Object(
        {
          total: Type.Integer({ minimum: 1 }),
          untested: Type.Array(
            Type.Object(
              {
                id: Type.String(),
                conditions: Type.String({ description: 'With their values.' }),
                example: Nullable(Type.String(), 'RFC 9557; null where no calendar plays a part.'),
              },
              closed,
            ),
          ),
        },
        closed,
      ),
      'Null where there are too many to tell.',
    ),
  },
  closed,
);

/** What `vmc test --format json` writes. */
export const TestsSchema = Type.Object(
  {
    passed: Type.Integer({ minimum: 0 }),
    failed: Type.Integer({ minimum: 0 }),
    files: Type.Array(
      Type.Object(
        {
          file: Type.String(),
          tests: Type.Array(Test),
          coverage: Nullable(Coverage, 'Null where errors of the policy leave nothing to test.'),
        },
        closed,
      ),
    ),
    diagnostics: Type.Array(DiagnosticSchema, {
      description: 'Errors of the policies, and what is wrong in each test that fails.',
    }),
  },
  { ...closed, $id: 'tests.schema.json', title: 'vmc test' },
);

export type TestsDocument = Static<typeof TestsSchema>;
