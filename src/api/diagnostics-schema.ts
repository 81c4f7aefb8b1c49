import { Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;

const Position = Type.Object(
  {
    line: Type.Integer({ minimum: 1 }),
    column: Type.Integer({ minimum: 1 }),
    offset: Type.Integer({ minimum: 0 }),
  },
  { ...closed, description: 'Line and column from 1, columns in UTF-16 units, offset from 0.' },
);
const Range = Type.Object({ start: Position, end: Position }, { ...closed, description: 'Half-open.' });
const place = { file: Type.String(), range: Range };

const Fix = Type.Object(
  {
    title: Type.String(),
    edits: Type.Array(Type.Object({ ...place, text: Type.String() }, closed), {
      description: 'That do not overlap.',
    }),
  },
  { ...closed, description: 'A change that a machine may apply.' },
);

export const DiagnosticSchema = Type.Object(
  {
    code: Type.String({ pattern: '^VMC\\d{4}$', description: "Its page: 'vmc explain CODE'." }),
    severity: Type.Union([Type.Literal('error'), Type.Literal('warning'), Type.Literal('advice')]),
    message: Type.String(),
    hint: Type.Optional(Type.String()),
    ...place,
    related: Type.Array(Type.Object({ message: Type.String(), ...place }, closed), {
      description: 'Other places that take part, each with its role.',
    }),
    fix: Type.Optional(Fix),
  },
  closed,
);

/** What `vmc check --format json` writes; `vmc compile` adds the plan. */
export const DiagnosticsSchema = Type.Object(
  {
    diagnostics: Type.Array(DiagnosticSchema),
    plan: Type.Optional(
      Type.Unknown({ description: 'Of compile, absent when there is none: plan.schema.json.' }),
    ),
  },
  { ...closed, $id: 'diagnostics.schema.json', title: 'vmc diagnostics' },
);

/** What every command writes with --format json when it could not do its work. */
export const ErrorSchema = Type.Object(
  {
    error: Type.Object(
      {
        code: Type.String({ description: 'USAGE, BUG, NO_DAEMON, an errno such as ENOENT, …: stable.' }),
        message: Type.String(),
        hint: Type.Optional(Type.String()),
      },
      closed,
    ),
  },
  { ...closed, $id: 'error.schema.json', title: 'vmc error' },
);
