import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Atom, Expression, Truth } from './condition-schema.js';
import { HostFactsSchema } from './facts-schema.js';
import { Because, Setting, SubjectKind } from './setting-schema.js';

/*
 * The plan, from one source: the JSON schema published as schemas/plan.schema.json and the types of plan.ts.
 * Only build, tests and the daemon (which validates plan files) import this module at run time; `vmc compile` does not.
 */

/** Increased when a reader of the previous version could misunderstand a plan. */
export const PLAN_VERSION = 1;

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

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
    match: Type.Array(Type.Array(Matcher), {
      description:
        'Alternatives; within one, all must match. None: guests of an offer, which do not exist yet.',
    }),
    tasks: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String(),
            costNs: Type.Integer(),
            periodNs: Type.Integer(),
            deadlineNs: Type.Integer(),
          },
          closed,
        ),
        { description: 'Sporadic real-time tasks that run inside each guest.' },
      ),
    ),
  },
  closed,
);

const Ignored = Type.Object(
  {
    beforeClass: Type.Integer({
      description: 'It is asked before the class of this index, and after those in front of it.',
    }),
    match: Type.Array(Matcher, { description: 'All must match.' }),
  },
  { ...closed, description: "Guests that are the owner's own: never touched." },
);
const PushedSignal = Type.Object(
  {
    name: Type.String({ description: 'As conditions have it: one that is no bare name is in quotes.' }),
    type: Type.Union(
      (['number', 'percent', 'time', 'size', 'rate', 'temperature'] as const).map((type) =>
        Type.Literal(type),
      ),
    ),
  },
  { ...closed, description: 'Pushed from outside, in the unit of a threshold; unknown until then.' },
);
const Budget = Type.Object(
  {
    id: Type.String(),
    class: Type.String(),
    subject: SubjectKind,
    scope: Type.Union([Type.Literal('each'), Type.Literal('sum')], {
      description:
        'each: every guest has its own, and only for those that used it up holds what its mode sets.',
    }),
    workNs: Type.Integer({ description: 'CPU time: nanoseconds of one core.' }),
    per: Type.Union([Type.Literal('day'), Type.Literal('week'), Type.Literal('month')]),
    // biome-ignore lint/suspicious/noThenProperty: a word of the language, and no function.
    then: Nullable(Type.Union([Type.Literal('pause'), Type.Literal('limit')])),
    while: Type.Array(Type.Object({ condition: Type.String(), expected: Type.Boolean() }, closed), {
      description: 'Use counts while all of these conditions are as expected, or unknown; none: always.',
    }),
    because: Type.Array(Because),
  },
  closed,
);
const Offer = Type.Object(
  {
    name: Type.String({ description: 'Of a class without matchers, which has the terms.' }),
    count: Type.Integer(),
    vcpus: Type.Integer(),
    memoryBytes: Nullable(Type.Integer()),
    modes: Type.Array(Type.String(), { description: 'Ids of the modes in which it holds.' }),
    because: Type.Array(Because),
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
  {
    schedule: Type.String(),
    keptCores: Type.String({ description: 'Kept for the owner: so much carries no server.' }),
    reservations: ReservationProof,
    shares: Type.Array(ShareProof),
  },
  closed,
);

const InterfacePoints = (description: string) =>
  Type.Array(
    Type.Object({ windowNs: Type.Integer(), demandNs: Type.Integer(), supplyNs: Type.Integer() }, closed),
    { description },
  );
const InterfaceProof = Type.Object(
  {
    class: Type.String(),
    budgetNs: Type.Integer(),
    periodNs: Type.Integer(),
    tasks: Type.Array(Type.String()),
    points: InterfacePoints(
      'dbf and sbf in ascending windows; deadlines between two of them are covered by the supply there.',
    ),
    windows: InterfacePoints('What is asked for in any window, and supplied.'),
  },
  { ...closed, description: 'Why the server of a vCPU suffices for what the setting keeps.' },
);

const CompiledPolicy = Type.Object(
  {
    name: Type.String(),
    digest: Type.String({
      description: 'sha256 of the source text; of several files, of their digests line by line.',
    }),
    files: Type.Optional(
      Type.Array(Type.Object({ file: Type.String(), text: Type.String() }, closed), {
        description:
          'All that the policy says, the root file first: what a request is to fit beside (vmc admit). Absent of a policy that was compiled without its text.',
      }),
    ),
    leavesOut: Type.Optional(
      Type.Literal(true, { description: 'What the host has no mechanism for is left out of the plan.' }),
    ),
  },
  closed,
);

export const PlanSchema = Type.Object(
  {
    planVersion: Type.Literal(PLAN_VERSION),
    policy: CompiledPolicy,
    host: HostFactsSchema,
    classes: Type.Array(PlanClass),
    unions: Type.Array(Type.Object({ name: Type.String(), classes: Type.Array(Type.String()) }, closed)),
    tree: Type.Array(
      Type.Object({ name: Type.String(), parent: Nullable(Type.String()), subject: SubjectKind }, closed),
      {
        description:
          'Nesting of the guests in cgroups, the same in every mode: parent null is the slice of all guests.',
      },
    ),
    ignored: Type.Array(Ignored),
    switches: Type.Array(Type.String()),
    signals: Type.Array(PushedSignal),
    atoms: Type.Array(Atom),
    conditions: Type.Array(
      Type.Object({ id: Type.String(), text: Type.String(), expression: Expression }, closed),
    ),
    modes: Type.Array(Mode),
    schedules: Type.Array(Schedule),
    transitions: Type.Array(Transition),
    budgets: Type.Array(Budget),
    offers: Type.Array(Offer),
    certificate: Type.Object(
      {
        schedules: Type.Array(ScheduleProof),
        interfaces: Type.Optional(Type.Array(InterfaceProof)),
        checksum: Type.Optional(
          Type.String({ description: 'Of all else in the plan; a plan without it does not verify.' }),
        ),
      },
      closed,
    ),
  },
  { ...closed, $id: 'plan.schema.json', title: 'vmc plan' },
);

export type PlanFromSchema = Static<typeof PlanSchema>;
