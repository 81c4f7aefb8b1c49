import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Atom, Expression, Truth } from './condition-schema.js';

/*
 * The plan, from one source: the JSON schema published as schemas/plan.schema.json and the types of plan.ts.
 * Only build, tests and the daemon (which validates plan files) import this module at run time; `vmc compile` does not.
 */

/** Increased when a reader of the previous version could misunderstand a plan. */
export const PLAN_VERSION = 1;

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Position = Type.Object(
  { line: Type.Integer(), column: Type.Integer(), offset: Type.Integer() },
  { ...closed, description: 'Line and column from 1, offset from 0, in UTF-16 units.' },
);
const Range = Type.Object({ start: Position, end: Position }, closed);

const Because = Type.Object(
  { sentence: Type.String(), file: Type.String(), range: Range },
  { ...closed, description: 'A sentence of the policy that this setting follows from.' },
);

const Fidelity = Type.Object(
  {
    kind: Type.Union([Type.Literal('hard'), Type.Literal('bounded'), Type.Literal('best-effort')]),
    worstGapNs: Nullable(
      Type.Integer({
        description: 'Longest time without service that the mechanism can cause; null: no bound.',
      }),
    ),
    rateError: Type.Number({ description: 'Largest relative error of the rate over ten seconds.' }),
    note: Type.Optional(Type.String({ description: 'What the owner should know about how this is kept.' })),
  },
  closed,
);

export const SubjectKind = Type.Union([
  Type.Literal('class'),
  Type.Literal('union'),
  Type.Literal('guests'),
  Type.Literal('others'),
  Type.Literal('owner'),
]);

const settingHead = {
  class: Type.String({
    description: 'Class or union, or guests, others, owner (a class so called stays in quotes).',
  }),
  subject: SubjectKind,
  scope: Type.Union([Type.Literal('each'), Type.Literal('sum')], {
    description: 'On every member guest, or on their sum.',
  }),
  fidelity: Fidelity,
  because: Type.Array(Because),
};

const ReservationSetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Literal('reservation'),
    budgetNs: Type.Integer({ description: "Budget of each vCPU's server." }),
    periodNs: Type.Integer(),
    overhead: Type.Object(
      { budgetNs: Type.Integer(), periodNs: Type.Integer() },
      { ...closed, description: "Server of QEMU's main loop." },
    ),
  },
  closed,
);
const ShareSetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Literal('share'),
    weight: Type.Integer({
      description: 'In the scale of the cgroup version of the host facts: v1 2–262144, v2 1–10000.',
    }),
    floorCores: Nullable(Type.Number({ description: 'Rate promised whenever it is wanted; null: none.' })),
  },
  closed,
);
const QuotaSetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Literal('quota'),
    ceilingCores: Type.Number(),
    periodNs: Type.Integer({ description: 'Period of the bandwidth controller.' }),
  },
  closed,
);
const DutySetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Union([Type.Literal('duty'), Type.Literal('freezer')]),
    runNs: Type.Integer({ description: '0: paused.' }),
    periodNs: Type.Integer(),
  },
  closed,
);
const PlacementSetting = Type.Object(
  { ...settingHead, mechanism: Type.Literal('placement'), cores: Type.Array(Type.Integer()) },
  closed,
);
export const Setting = Type.Union([
  ReservationSetting,
  ShareSetting,
  QuotaSetting,
  DutySetting,
  PlacementSetting,
]);

const Server = Type.Object(
  {
    class: Type.String(),
    member: Type.Integer({ description: 'Which guest of the class, from 0.' }),
    thread: Type.String({ description: "'vcpu 0', 'vcpu 1', … or 'main' (QEMU's main loop)." }),
    core: Nullable(Type.Integer({ description: 'Core it is confined to; null: any (global EDF).' })),
    budgetNs: Type.Integer(),
    periodNs: Type.Integer(),
  },
  { ...closed, description: 'One SCHED_DEADLINE server.' },
);

const Timetable = Type.Object(
  {
    hyperperiodNs: Type.Integer(),
    windows: Type.Array(
      Type.Object(
        { class: Type.String(), member: Type.Integer(), startNs: Type.Integer(), endNs: Type.Integer() },
        closed,
      ),
      {
        description:
          "When each guest of a duty cycle runs, in [0, hyperperiodNs): repeats for ever from the epoch of the monotonic clock. A guest without a window never runs. Guests of no class are member 0 of 'others', all at once.",
      },
    ),
    ceilings: Type.Optional(
      Type.Array(Type.Object({ classes: Type.Array(Type.String()), vcpus: Type.Integer() }, closed), {
        description: 'Never do more than so many vCPUs of these classes run at once.',
      }),
    ),
  },
  closed,
);

const Schedule = Type.Object(
  {
    id: Type.String(),
    settings: Type.Array(Setting),
    servers: Type.Array(Server),
    timetable: Nullable(Timetable),
    timing: Type.Optional(
      Nullable(
        Type.Object(
          { core: Nullable(Type.Integer()), budgetNs: Type.Integer(), periodNs: Type.Integer() },
          {
            ...closed,
            description:
              'Server of the thread that stops and continues guests, admitted with the others; null: it has none.',
          },
        ),
      ),
    ),
  },
  closed,
);

const Mode = Type.Object(
  {
    id: Type.String(),
    when: Type.Record(Type.String(), Truth, { description: 'Value of each condition, by its id.' }),
    example: Nullable(
      Type.String({
        description: 'An instant (RFC 9557) at which the calendars allow this mode; null: any.',
      }),
    ),
    schedule: Type.String(),
  },
  closed,
);

const Transition = Type.Object(
  {
    from: Type.String(),
    to: Type.String(),
    steps: Type.Union([Type.Literal('direct'), Type.Literal('two-step')]),
  },
  {
    ...closed,
    description:
      'Between schedules whose servers differ; of more than 64 only the two-step ones. Any other change is direct.',
  },
);

const Matcher = Type.Object(
  {
    attribute: Type.Union(
      (['name', 'user', 'uuid', 'unit', 'cgroup', 'arg'] as const).map((name) => Type.Literal(name)),
    ),
    pattern: Type.String(),
  },
  closed,
);
const PlanClass = Type.Object(
  {
    name: Type.String(),
    kind: Type.Union([Type.Literal('vm'), Type.Literal('group')]),
    maxGuests: Type.Integer(),
    vcpus: Type.Integer(),
    memoryBytes: Nullable(Type.Integer()),
    match: Type.Array(Type.Array(Matcher), { description: 'Alternatives; within one, all must match.' }),
  },
  closed,
);

const ServerSum = Type.Object(
  {
    core: Type.Integer(),
    servers: Type.Array(Type.Integer({ description: 'Index into the servers of the schedule.' }), {
      description: "The timing thread's server, where it is on this core, is in the sum as well.",
    }),
    utilisation: Type.String({ description: 'Exact sum, as a fraction, context switches included.' }),
    limit: Type.String(),
  },
  closed,
);
const ReservationProof = Type.Union([
  Type.Object({ test: Type.Literal('none') }, { ...closed, description: 'No server in this schedule.' }),
  Type.Object({ test: Type.Literal('partitioned-edf'), cores: Type.Array(ServerSum) }, closed),
  Type.Object(
    {
      test: Type.Union([Type.Literal('gfb'), Type.Literal('devi-anderson')]),
      cores: Type.Integer(),
      sum: Type.String(),
      largest: Type.String(),
      limit: Type.String(),
      tardinessNs: Type.Integer({ description: '0 under GFB.' }),
    },
    closed,
  ),
]);
const ShareProof = Type.Object(
  {
    parent: Type.String(),
    availableCores: Type.String({ description: 'What reservations leave of the parent part, exactly.' }),
    children: Type.Array(
      Type.Object(
        {
          class: Type.String(),
          weight: Type.Integer(),
          guaranteedCores: Type.String({ description: 'With every sibling backlogged.' }),
          floorCores: Nullable(Type.String()),
        },
        closed,
      ),
    ),
  },
  closed,
);
const ScheduleProof = Type.Object(
  { schedule: Type.String(), reservations: ReservationProof, shares: Type.Array(ShareProof) },
  closed,
);

export const PlanSchema = Type.Object(
  {
    planVersion: Type.Literal(PLAN_VERSION),
    policy: Type.Object(
      { name: Type.String(), digest: Type.String({ description: 'sha256 of the source text.' }) },
      closed,
    ),
    host: Type.Unknown({ description: 'The host facts used: see facts.schema.json.' }),
    classes: Type.Array(PlanClass),
    unions: Type.Array(Type.Object({ name: Type.String(), classes: Type.Array(Type.String()) }, closed)),
    tree: Type.Array(
      Type.Object({ name: Type.String(), parent: Nullable(Type.String()), subject: SubjectKind }, closed),
      {
        description:
          'Nesting of the guests in cgroups, the same in every mode: parent null is the slice of all guests.',
      },
    ),
    switches: Type.Array(Type.String()),
    atoms: Type.Array(Atom),
    conditions: Type.Array(
      Type.Object({ id: Type.String(), text: Type.String(), expression: Expression }, closed),
    ),
    modes: Type.Array(Mode),
    schedules: Type.Array(Schedule),
    transitions: Type.Array(Transition),
    budgets: Type.Array(Type.Unknown()),
    offers: Type.Array(Type.Unknown()),
    certificate: Type.Object({ schedules: Type.Array(ScheduleProof) }, closed),
  },
  { ...closed, $id: 'plan.schema.json', title: 'vmc plan' },
);

export type PlanFromSchema = Static<typeof PlanSchema>;
