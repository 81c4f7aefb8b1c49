import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { DiagnosticSchema } from './diagnostics-schema.js';

const closed = { additionalProperties: false } as const;
const Nullable = <T extends TSchema>(type: T, description: string) =>
  Type.Union([type, Type.Null()], { description });
const oneOf = <T extends string>(...values: readonly T[]) =>
  Type.Union(values.map((value) => Type.Literal(value)));
const Cores = (description: string) => Type.Number({ description: `${description} Cores.` });
const Instant = Type.String({ description: 'RFC 9557.' });
const OfTime = (description: string) => Type.Number({ minimum: 0, description: `${description} Of 1.` });

const Mode = Type.Object(
  {
    mode: Type.String(),
    conditions: Type.String({ description: 'With their values.' }),
    share: OfTime('Part of the time.'),
    seconds: Type.Number(),
    entered: Type.Integer({ description: 'How often.' }),
  },
  closed,
);

const Owner = Type.Object(
  {
    wantedCores: Cores('Mean.'),
    deliveredCores: Cores('Mean.'),
    unmetCoreHours: Type.Number(),
    unmetShare: OfTime('Part of the time in which the owner wanted more than it had.'),
    mostUnmetCores: Cores('At any instant.'),
  },
  closed,
);

const ClassUse = Type.Object(
  {
    class: Type.String(),
    guests: Type.Number({ description: 'Mean.' }),
    wantedCores: Cores('Mean.'),
    deliveredCores: Cores('Mean.'),
    leastCores: Nullable(Type.Number(), 'While it wanted any; null: it never did. Cores.'),
    deliveredCoreHours: Type.Number(),
    longestPauseSeconds: Type.Number({ description: 'Longest time in which it wanted CPU and had none.' }),
    worstGapSeconds: Nullable(
      Type.Number(),
      'Longest time without service: that, or the gap that the mechanism can cause; null: weights bound none.',
    ),
  },
  closed,
);

const Promised = Type.Object(
  {
    subject: Type.String(),
    kind: oneOf('kept', 'floor', 'floor each', 'reservation'),
    promisedCores: Cores('Of what was wanted, while it was promised; mean.'),
    deliveredCores: Cores('Meanwhile; mean.'),
    seconds: Type.Number({ description: 'For so long it was promised.' }),
    shortSeconds: Type.Number(),
    shortCoreHours: Type.Number(),
    violations: Type.Integer(),
    longestViolationSeconds: Type.Number(),
    first: Type.Array(
      Type.Object(
        { at: Instant, seconds: Type.Number(), shortCores: Cores('Most that was missing.') },
        closed,
      ),
      { description: 'At most ten.' },
    ),
  },
  closed,
);

const Budget = Type.Object(
  {
    budget: Type.String(),
    allowedCoreHours: Type.Number(),
    per: oneOf('day', 'week', 'month'),
    periods: Type.Integer({ description: 'Calendar periods that the simulated time touches.' }),
    periodsSpent: Type.Integer({ description: 'In which it was used up.' }),
    spentSeconds: Type.Number({ description: 'For so long it was used up.' }),
    mostCoreHours: Type.Number({ description: 'In one period; with each, of one guest.' }),
    spentAt: Type.Array(Instant, { description: 'At most ten.' }),
  },
  closed,
);

const Server = Type.Object(
  {
    schedules: Type.Array(Type.String(), { description: 'In which it is the same.' }),
    class: Type.String(),
    member: Type.Integer(),
    thread: Type.String(),
    core: Nullable(Type.Integer(), 'Null: any.'),
    promisedCores: Cores('Budget by period.'),
    deliveredCores: Cores('To a thread that is always busy.'),
    worstGapMs: Type.Number({ description: 'Longest time without service, as simulated.' }),
    statedGapMs: Nullable(Type.Number(), 'The longest that the plan says of it.'),
  },
  closed,
);

const Simulation = Type.Object(
  {
    policy: Type.String(),
    from: Instant,
    to: Instant,
    seconds: Type.Number(),
    stepSeconds: Type.Number(),
    cores: Type.Integer(),
    notes: Type.Array(Type.String(), { description: 'What was taken for granted.' }),
    modes: Type.Array(Mode, { description: 'That occurred, the longest first.' }),
    modeChanges: Type.Integer(),
    modeChangesPerDay: Type.Number(),
    owner: Owner,
    idleCores: Cores('Mean.'),
    classes: Type.Array(ClassUse, { description: 'Of which there were guests.' }),
    promises: Type.Array(Promised),
    budgets: Type.Array(Budget),
    servers: Nullable(Type.Array(Server), 'Of the schedules in force; null without --detail.'),
  },
  closed,
);

const Difference = Type.Object(
  {
    what: Type.String(),
    unit: oneOf('cores', 'core-hours', 's', '%', 'a day', 'times'),
    first: Nullable(Type.Number(), 'Null: nothing of the kind.'),
    second: Nullable(Type.Number(), 'Null: nothing of the kind.'),
  },
  closed,
);

/** What `vmc simulate --format json` writes. */
export const SimulationSchema = Type.Object(
  {
    simulation: Type.Optional(Simulation),
    against: Type.Optional(Simulation),
    differences: Type.Optional(Type.Array(Difference, { description: 'Of the two; with --against.' })),
    diagnostics: Type.Array(DiagnosticSchema, {
      description: 'Of the policies; with an error there is no simulation.',
    }),
  },
  { ...closed, $id: 'simulation.schema.json', title: 'vmc simulate' },
);

export type SimulationDocument = Static<typeof SimulationSchema>;
