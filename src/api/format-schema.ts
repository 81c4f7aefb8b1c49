import { Type } from '@sinclair/typebox';
import { DiagnosticSchema } from './diagnostics-schema.js';

const closed = { additionalProperties: false } as const;

const File = Type.Object(
  {
    file: Type.String({ description: "As given; '-' is stdin." }),
    status: Type.Union([Type.Literal('unchanged'), Type.Literal('changed'), Type.Literal('rejected')], {
      description:
        'Laid out already; rewritten (with --check, --diff: would be); left alone for its syntax errors.',
    }),
    text: Type.Optional(Type.String({ description: 'What stdin is laid out as.' })),
    diff: Type.Optional(
      Type.String({ description: 'With --diff: unified, empty where nothing would change.' }),
    ),
  },
  closed,
);

/** What `vmc fmt --format json` writes. */
export const FormatSchema = Type.Object(
  {
    files: Type.Array(File, { description: 'In the order given.' }),
    diagnostics: Type.Array(DiagnosticSchema, { description: 'The syntax errors of the files rejected.' }),
  },
  { ...closed, $id: 'format.schema.json', title: 'vmc fmt' },
);
