import { type TSchema, Type } from '@sinclair/typebox';
import { SignalSubject } from './condition-schema.js';

/* What is set for whom: see plan-schema.ts. */

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

const Position = Type.Object(
  { line: Type.Integer(), column: Type.Integer(), offset: Type.Integer() },
  { ...closed, description: 'Line and column from 1, offset from 0, in UTF-16 units.' },
);
const Range = Type.Object({ start: Position, end: Position }, closed);

export const Because = Type.Object(
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

const VcpuServer = Type.Object(
  {
    budgetNs: Type.Integer(),
    periodNs: Type.Integer(),
    tasks: Type.Array(Type.String(), {
      description: 'Tasks of the class that the guest has to run on this vCPU.',
    }),
  },
  closed,
);
const Keeps = Type.Object(
  {
    tasks: Type.Boolean({ description: "The class's tasks meet their deadlines under EDF." }),
    windows: Type.Array(Type.Object({ budgetNs: Type.Integer(), windowNs: Type.Integer() }, closed), {
      description: 'Each vCPU gets so much in any window of that length.',
    }),
  },
  {
    ...closed,
    description: 'What the servers are proved to keep: see the interfaces of the certificate.',
  },
);
const ReservationSetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Literal('reservation'),
    budgetNs: Type.Integer({
      description: "Budget of each vCPU's server; of the one with the largest rate where they differ.",
    }),
    periodNs: Type.Integer(),
    vcpus: Type.Optional(
      Type.Array(VcpuServer, { description: 'The server of each vCPU, where they differ or have tasks.' }),
    ),
    keeps: Type.Optional(Keeps),
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
    nice: Type.Optional(
      Type.Integer({
        minimum: -20,
        maximum: 19,
        description:
          "It is given by this nice value of each guest's session, and is the kernel's weight for that.",
      }),
    ),
    floorCores: Nullable(Type.Number({ description: 'Rate promised whenever it is wanted; null: none.' })),
    idle: Type.Optional(
      Type.Literal(true, {
        description:
          'It runs only when nothing else wants the CPU: cpu.idle where there is that, else the weight.',
      }),
    ),
  },
  closed,
);
const Elastic = Type.Object(
  {
    base: Type.Number({ description: 'Cores.' }),
    minus: SignalSubject,
    fromCores: Type.Number({ description: 'The lower end, and what holds while the signal is unknown.' }),
    toCores: Type.Number(),
  },
  {
    ...closed,
    description: 'The ceiling follows a signal: base less the signal (in cores), kept between the two ends.',
  },
);
const QuotaSetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Literal('quota'),
    ceilingCores: Type.Number({ description: 'Of an elastic ceiling the upper end.' }),
    periodNs: Type.Integer({ description: 'Period of the bandwidth controller.' }),
    elastic: Type.Optional(Elastic),
  },
  closed,
);
const DutySetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Union([Type.Literal('duty'), Type.Literal('freezer')]),
    runNs: Type.Integer({ description: '0: paused.' }),
    periodNs: Type.Integer(),
    floorCores: Type.Optional(
      Type.Number({ description: 'Promised to all its guests together, by making others make room.' }),
    ),
    elevated: Type.Optional(
      Type.Literal(true, {
        description: 'It stands for a reservation: in its times its threads run under SCHED_FIFO.',
      }),
    ),
    vcpus: Type.Optional(
      Type.Array(VcpuServer, { description: 'The tasks of each vCPU, all with this cycle.' }),
    ),
    keeps: Type.Optional(Keeps),
  },
  closed,
);
const PlacementSetting = Type.Object(
  { ...settingHead, mechanism: Type.Literal('placement'), cores: Type.Array(Type.Integer()) },
  closed,
);
const StopSetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Literal('stop'),
    withinNs: Type.Integer({
      description: 'A guest is asked to power down when this comes into force, and ended after so long.',
    }),
  },
  closed,
);
const MemorySetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Literal('memory'),
    ceilingBytes: Nullable(Type.Integer()),
    floorBytes: Nullable(Type.Integer({ description: 'It is never taken below this.' })),
  },
  closed,
);
const DiskSetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Literal('disk'),
    bytesPerSecond: Nullable(Type.Integer({ description: 'Reads and writes together.' })),
    iops: Nullable(Type.Integer({ description: 'Reads and writes together.' })),
  },
  closed,
);
const NetworkSetting = Type.Object(
  {
    ...settingHead,
    mechanism: Type.Literal('network'),
    bytesPerSecond: Type.Integer({ description: 'In each direction.' }),
  },
  closed,
);
export const Setting = Type.Union([
  ReservationSetting,
  ShareSetting,
  QuotaSetting,
  DutySetting,
  PlacementSetting,
  StopSetting,
  MemorySetting,
  DiskSetting,
  NetworkSetting,
]);
