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

const ControlUse = Type.Object(
  {
    class: Type.String({ description: 'As the setting names its subject.' }),
    mechanism: Type.String(),
    scope: oneOf('each', 'sum'),
    unit: oneOf('cores', 'fraction'),
    bound: oneOf('at least', 'at most', 'exactly'),
    moments: Type.Integer({ description: 'That were held with it in force.' }),
    promised: Nullable(Type.Number(), 'Mean; of what was wanted. Null: nothing but a proportion.'),
    delivered: Type.Number({ description: 'Mean.' }),
    fluid: Nullable(Type.Number(), 'In the same moments, by the model of the replay; null: it does not say.'),
    longestGapMs: Type.Number({
      description:
        'Longest time without service by this mechanism, of a thread that wants the CPU: that nearest to what is stated.',
    }),
    statedGapMs: Nullable(Type.Number(), 'What the plan says of it then; null: nothing.'),
    violations: Type.Integer(),
  },
  closed,
);

const ChangeUse = Type.Object(
  {
    from: Type.String({ description: 'Conditions, with their values.' }),
    to: Type.String(),
    at: Instant,
    times: Type.Integer({ description: 'How often the replay changed between these schedules.' }),
    settledMs: Type.Number({ description: 'Until the last action of the enforcer.' }),
    refused: Type.Integer({ description: 'Actions that the kernel refused at first.' }),
    peakCores: Nullable(Type.Number(), 'Most bandwidth on any one core meanwhile; null: none was on one.'),
  },
  closed,
);

const CoreUse = Type.Object(
  {
    core: Type.Integer(),
    limitCores: Cores('What may be admitted there.'),
    peakCores: Cores('Most bandwidth on it at any instant, with what left it until its 0-lag time.'),
    changePeakCores: Cores('The same during changes of schedule.'),
  },
  closed,
);

const Violation = Type.Object(
  {
    what: Type.String(),
    kind: oneOf('rate', 'gap', 'bandwidth'),
    at: Instant,
    stated: Type.Number(),
    measured: Type.Number(),
    unit: oneOf('cores', 'fraction', 'ms'),
  },
  closed,
);

const Disagreement = Type.Object(
  {
    class: Type.String({ description: 'Or owner.' }),
    at: Instant,
    conditions: Type.String({ description: 'Of the mode, with their values.' }),
    fluidCores: Cores('By the model of the replay.'),
    kernelCores: Cores('On the simulated kernel.'),
  },
  closed,
);

const Detail = Type.Object(
  {
    moments: Type.Integer({ description: 'Of the replay, each held for a while on the simulated kernel.' }),
    changed: Type.Integer({ description: 'Changes of schedule that were gone through there.' }),
    leftOut: Type.Integer({ description: 'Moments and changes for which there was no room.' }),
    seconds: Type.Number({ description: 'Simulated in all.' }),
    events: Type.Integer({ description: 'Of the simulated kernel.' }),
    controls: Type.Array(ControlUse, { description: 'Each mechanism on each class.' }),
    changes: Type.Array(ChangeUse),
    cores: Type.Array(CoreUse, { description: 'That carried reservations.' }),
    violations: Type.Integer(),
    first: Type.Array(Violation, { description: 'At most twenty.' }),
    tolerance: Type.Object(
      { cores: Type.Number(), part: Type.Number() },
      {
        ...closed,
        description: 'Rates that are no farther apart are equal: cores, and part of the greater.',
      },
    ),
    compared: Type.Integer({ description: 'Rates of the replay that were compared with the kernel.' }),
    disagreements: Type.Array(Disagreement, { description: 'At most twenty.' }),
    disagreeing: Type.Integer(),
    findings: Type.Array(Type.String(), { description: 'What the enforcer had to say.' }),
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
    detail: Nullable(Detail, 'Null without --detail.'),
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
