import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { SETTING_MECHANISMS } from '../compiler/setting-mechanisms.js';
import { Setting } from '../compiler/setting-schema.js';

/*
 * What the enforcer says about itself: `vmc status`, `GET /v1/status`, `GET /v1/guests` and `GET /v1/events`.
 * The schemas and the types of this module are one source. Wall-clock instants are milliseconds since 1970 (`…Ms`).
 */

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const Literals = <T extends string>(...values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)));

export const TruthSchema = Type.Union([Type.Boolean(), Type.Literal('unknown')]);

const Unit = Literals('cores', 'fraction', 'bytes', 'bytes-per-second', 'operations-per-second');
const Bound = Literals('exactly', 'at-least', 'at-most');

export const MeasureSchema = Type.Object(
  {
    unit: Type.Union([Unit], {
      description:
        'cores: CPU time per second of wall time. fraction: of the time (duty cycle), or of what the siblings that wanted CPU got (share). bytes: memory that the guest may touch. A part of what is for several guests is measured against that part.',
    }),
    bound: Type.Union([Bound], { description: 'How delivered is to be compared with promised.' }),
    promised: Nullable(
      Type.Number({ description: 'Over the same time as deliveredInMode; null: nothing to promise yet.' }),
    ),
    delivered10s: Nullable(Type.Number({ description: 'Over the last 10 s; null: not measured yet.' })),
    deliveredInMode: Nullable(Type.Number({ description: 'Since the present mode began.' })),
    measuredNs: Type.Integer({ description: 'Length of time behind deliveredInMode.' }),
  },
  { ...closed, description: 'Promised against delivered, from the kernel’s accounting.' },
);

export const ControlSchema = Type.Object(
  {
    setting: Setting,
    summary: Type.String({ description: 'The setting as an owner would say it: 20ms every 100ms.' }),
    inForce: Type.Boolean({ description: 'Read back from the kernel, not remembered.' }),
    measure: Nullable(MeasureSchema),
  },
  { ...closed, description: 'One mechanism that acts on a guest; its sentences are in setting.because.' },
);

export const GuestStatusSchema = Type.Object(
  {
    key: Type.String({ description: 'PID-STARTTIME' }),
    pid: Type.Integer(),
    name: Nullable(Type.String()),
    user: Type.String(),
    class: Nullable(Type.String({ description: 'Null: among others.' })),
    member: Nullable(Type.Integer({ description: 'Which guest of the class, from 0.' })),
    vcpus: Type.Integer(),
    state: Type.Union([Literals('running', 'held', 'stopped-by-user')], {
      description: 'held: stopped by its duty cycle.',
    }),
    group: Nullable(Type.String({ description: 'Cgroup below the slice of all guests.' })),
    cpuCores10s: Nullable(Type.Number({ description: 'CPU of the whole process over the last 10 s.' })),
    controls: Type.Array(ControlSchema),
  },
  closed,
);

export const CauseSchema = Type.Object(
  {
    condition: Type.String({ description: 'Its id in the plan.' }),
    text: Type.String(),
    from: TruthSchema,
    to: TruthSchema,
    atoms: Type.Array(
      Type.Object(
        {
          id: Type.String(),
          text: Type.String(),
          value: TruthSchema,
          sinceMs: Type.Number(),
          sample: Nullable(Type.Number()),
        },
        closed,
      ),
      { description: 'The tests in it that changed, with the samples that made them change.' },
    ),
  },
  { ...closed, description: 'Why the mode is what it is: one condition that changed.' },
);

export const ModeStatusSchema = Type.Object(
  {
    id: Type.String(),
    schedule: Type.String(),
    sinceMs: Type.Number(),
    settling: Type.Boolean({
      description: 'In a two-step change: reservations have shrunk, growth waits for the longest old period.',
    }),
    causes: Type.Array(CauseSchema),
  },
  closed,
);

export const ConditionStatusSchema = Type.Object(
  { id: Type.String(), text: Type.String(), value: TruthSchema, sinceMs: Type.Number() },
  closed,
);

export const AtomStatusSchema = Type.Object(
  {
    id: Type.String(),
    text: Type.String(),
    value: TruthSchema,
    sinceMs: Type.Number(),
    sample: Nullable(
      Type.Number({ description: 'Last sample or prediction limit; null: none, or unknown.' }),
    ),
    changesAtMs: Nullable(
      Type.Number({
        description: 'When it changes if nothing else does: the end of a `for`, a window’s edge, an expiry.',
      }),
    ),
  },
  closed,
);

export const SwitchStatusSchema = Type.Object(
  { name: Type.String(), on: Type.Boolean(), untilMs: Nullable(Type.Number()) },
  closed,
);

export const BudgetStatusSchema = Type.Object(
  {
    id: Type.String({ description: 'Of the budget in the plan.' }),
    holder: Nullable(
      Type.String({
        description:
          'USER/NAME, or the key, of the guest whose it is; null: it is of the sum of the subject.',
      }),
    ),
    allowedNs: Type.Number({ description: 'CPU time: nanoseconds of one core.' }),
    usedNs: Type.Number({ description: 'In the present period.' }),
    spent: Type.Boolean(),
    untilMs: Type.Number({ description: 'When the next period begins.' }),
  },
  closed,
);

export const FindingSchema = Type.Object(
  {
    code: Type.String({ description: 'excess-guest, too-many-vcpus, refused, no-mode, … : stable.' }),
    severity: Literals('error', 'warning', 'note'),
    subject: Nullable(Type.String({ description: 'Key of a guest or name of a class; null: the host.' })),
    message: Type.String({ description: 'What is wrong and why, in the owner’s words.' }),
    fallback: Nullable(Type.String({ description: 'What happens instead, until it is put right.' })),
    sinceMs: Type.Number(),
  },
  { ...closed, description: 'Something that the plan asks for and that is not so.' },
);

export const AccountSchema = Type.Object(
  {
    guest: Type.String({ description: 'Key; the guest may have ended since.' }),
    name: Nullable(Type.String()),
    class: Nullable(Type.String()),
    mode: Type.String(),
    mechanism: Literals(...SETTING_MECHANISMS),
    scope: Literals('each', 'sum'),
    summary: Type.String(),
    unit: Unit,
    bound: Bound,
    promised: Type.Number(),
    delivered: Type.Number(),
    measuredNs: Type.Integer(),
  },
  {
    ...closed,
    description: 'Promised against delivered of one guest under one mechanism over all its time in one mode.',
  },
);

export const StatusSchema = Type.Object(
  {
    atMs: Type.Number(),
    state: Literals('new', 'running', 'stopped'),
    policy: Type.Object({ name: Type.String(), digest: Type.String() }, closed),
    mode: Nullable(ModeStatusSchema),
    conditions: Type.Array(ConditionStatusSchema),
    atoms: Type.Array(AtomStatusSchema),
    switches: Type.Array(SwitchStatusSchema),
    budgets: Type.Array(BudgetStatusSchema),
    guests: Type.Array(GuestStatusSchema),
    findings: Type.Array(FindingSchema),
    accounts: Type.Array(AccountSchema),
    wakeUps: Type.Optional(
      Type.Object(
        {
          count: Type.Integer(),
          meanNs: Type.Number(),
          p99Ns: Type.Number({ description: '99% were not later, to 10 us.' }),
          maxNs: Type.Number(),
        },
        { ...closed, description: 'How late the thread that keeps timetables woke up, since it started.' },
      ),
    ),
  },
  { ...closed, $id: 'status.schema.json', title: 'vmc status' },
);

export const EventSchema = Type.Object(
  {
    sequence: Type.Integer({
      description:
        'Greater than all before, without gaps while a daemon runs: a reader sees whether it missed any.',
    }),
    atMs: Type.Number(),
    kind: Literals(
      'mode-changed',
      'guest-found',
      'guest-gone',
      'guest-asked-to-stop',
      'guest-ended',
      'finding',
      'finding-over',
      'switch-set',
      'signal-set',
      'clock-jumped',
      'plan-replaced',
      'started',
      'stopped',
    ),
    subject: Nullable(Type.String()),
    message: Type.String(),
    causes: Type.Array(CauseSchema),
  },
  { ...closed, $id: 'event.schema.json', title: 'vmc event' },
);

export type Measure = Static<typeof MeasureSchema>;
export type Control = Static<typeof ControlSchema>;
export type GuestStatus = Static<typeof GuestStatusSchema>;
export type Cause = Static<typeof CauseSchema>;
export type ModeStatus = Static<typeof ModeStatusSchema>;
export type ConditionStatus = Static<typeof ConditionStatusSchema>;
export type AtomStatus = Static<typeof AtomStatusSchema>;
export type SwitchStatus = Static<typeof SwitchStatusSchema>;
export type BudgetStatus = Static<typeof BudgetStatusSchema>;
export type Finding = Static<typeof FindingSchema>;
export type Account = Static<typeof AccountSchema>;
export type Status = Static<typeof StatusSchema>;
export type EnforcerEvent = Static<typeof EventSchema>;
