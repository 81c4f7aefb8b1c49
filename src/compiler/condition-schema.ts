import { type TSchema, Type } from '@sinclair/typebox';

/* Conditions, atoms and calendars of a plan: see plan-schema.ts. */

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Window = Type.Object({ startMinute: Type.Integer(), endMinute: Type.Integer() }, closed);
const Weekday = Type.Union(
  (['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const).map((day) => Type.Literal(day)),
);
export const Calendar = Type.Recursive(
  (Self) =>
    Type.Union([
      Type.Object(
        { kind: Type.Literal('days'), weekdays: Type.Array(Weekday), windows: Type.Array(Window) },
        closed,
      ),
      Type.Object(
        {
          kind: Type.Literal('dates'),
          ranges: Type.Array(Type.Object({ first: Type.String(), last: Type.String() }, closed)),
          windows: Type.Array(Window),
        },
        closed,
      ),
      Type.Object({ kind: Type.Literal('except'), base: Self, removed: Self }, closed),
    ]),
  { $id: 'Calendar' },
);

const Threshold = Type.Object(
  {
    operator: Type.Union([Type.Literal('<'), Type.Literal('<='), Type.Literal('>'), Type.Literal('>=')]),
    value: Type.Number({
      description:
        'In the unit in which the sensor reports the signal: percent, seconds, bytes, bytes per second, degrees Celsius, or a bare number.',
    }),
    forNs: Type.Integer(),
  },
  closed,
);
export const SignalSubject = Type.Union([
  Type.Object({ kind: Type.Literal('signal'), signal: Type.String() }, closed),
  Type.Object(
    {
      kind: Type.Literal('forecast'),
      signal: Type.String(),
      overNs: Type.Integer(),
      side: Type.Union([Type.Literal('upper'), Type.Literal('lower')]),
      level: Type.Number(),
    },
    closed,
  ),
]);
export const Atom = Type.Union([
  Type.Object({ id: Type.String(), kind: Type.Literal('calendar'), calendar: Calendar }, closed),
  Type.Object({ id: Type.String(), kind: Type.Literal('switch'), name: Type.String() }, closed),
  Type.Object({ id: Type.String(), kind: Type.Literal('signal'), signal: Type.String() }, closed),
  Type.Object(
    {
      id: Type.String(),
      kind: Type.Literal('process'),
      pattern: Type.String({
        description: 'Shell glob: whether a process of this name runs that is no guest.',
      }),
    },
    closed,
  ),
  Type.Object(
    {
      id: Type.String(),
      kind: Type.Literal('budget'),
      budget: Type.String({ description: 'Id of a budget: whether it is used up.' }),
    },
    closed,
  ),
  Type.Object(
    {
      id: Type.String(),
      kind: Type.Literal('comparison'),
      subject: SignalSubject,
      start: Threshold,
      until: Nullable(Threshold),
    },
    closed,
  ),
]);
export const Expression = Type.Recursive(
  (Self) =>
    Type.Union([
      Type.Object({ op: Type.Literal('constant'), value: Type.Boolean() }, closed),
      Type.Object({ op: Type.Literal('atom'), atom: Type.String() }, closed),
      Type.Object({ op: Type.Literal('not'), operand: Self }, closed),
      Type.Object({ op: Type.Literal('and'), left: Self, right: Self }, closed),
      Type.Object({ op: Type.Literal('or'), left: Self, right: Self }, closed),
      Type.Object({ op: Type.Literal('assuming'), operand: Self, value: Type.Boolean() }, closed),
    ]),
  { $id: 'Expression' },
);

export const Truth = Type.Union([Type.Boolean(), Type.Literal('unknown')]);
