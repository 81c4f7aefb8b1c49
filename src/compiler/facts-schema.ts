import { Type } from '@sinclair/typebox';

const closed = { additionalProperties: false } as const;
const Literals = <T extends string>(...values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)));

const Core = Type.Object(
  {
    id: Type.Integer({ minimum: 0 }),
    sibling: Type.Integer({ minimum: 0, description: 'First logical processor of the same physical core.' }),
    capacity: Type.Number({ exclusiveMinimum: 0, description: 'Relative speed, 1024 for the fastest core.' }),
  },
  closed,
);

const Cgroup = Type.Object(
  {
    version: Type.Union([Type.Literal(0), Type.Literal(1), Type.Literal(2)], {
      description: 'Of the hierarchy with the cpu controller; 0: none that may be written.',
    }),
    cpuset: Type.Boolean(),
    freezer: Type.Boolean(),
    gather: Type.Boolean({ description: 'Guests can be moved under one cgroup.' }),
    ownerAs: Literals('threads', 'slices'),
  },
  closed,
);

const FACTS = {
  cores: Type.Union([
    Type.Array(Core, { minItems: 1, maxItems: 4096 }),
    Type.Integer({
      minimum: 1,
      maximum: 4096,
      description: 'A count, when compiling for another machine.',
    }),
  ]),
  memoryBytes: Type.Number({ minimum: 0 }),
  timezone: Type.String({ minLength: 1, description: 'IANA name.' }),
  tickNs: Type.Integer({ minimum: 1, description: 'Length of a scheduler tick.' }),
  hrtickDeadline: Type.Boolean({ description: 'Budgets are enforced to the microsecond (HRTICK_DL).' }),
  deadlineLimit: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'Utilisation that the kernel admits per core; 0: no reservations.',
  }),
  contextSwitchesNs: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      description:
        'What the two context switches of a server cost in each of its periods (`vmc calibrate`); absent: 20000.',
    }),
  ),
  realtimePriority: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 99,
      description: "Largest SCHED_FIFO priority that guests' threads may be given; absent: none.",
    }),
  ),
  nice: Type.Optional(
    Type.Object(
      {
        least: Type.Integer({ minimum: -20, maximum: 19 }),
        most: Type.Integer({ minimum: -20, maximum: 19 }),
      },
      {
        ...closed,
        description:
          "Nice values that may be given to a guest's session (/proc/PID/autogroup), which stand in for weights; absent: none.",
      },
    ),
  ),
  cgroup: Cgroup,
  mechanisms: Type.Array(Literals('reservation', 'share', 'quota', 'duty', 'freezer', 'placement')),
  sensors: Type.Array(Type.String(), { description: 'Signals that this host can sense.' }),
};

/** Host facts within another document. The type is facts.ts, which runs without TypeBox. */
export const HostFactsSchema = Type.Object(FACTS, {
  ...closed,
  description: 'The host facts used, with what the policy says of its host.',
});

/** Host facts (`vmc facts`, `vmc compile --host`). */
export const FactsSchema = Type.Object(FACTS, {
  ...closed,
  $id: 'facts.schema.json',
  title: 'vmc host facts',
});
