import type { Static } from '@sinclair/typebox';
import type {
  Atom as AtomSchema,
  Calendar as CalendarSchema,
  Expression as ExpressionSchema,
} from './condition-schema.js';
import type { HostFacts } from './facts.js';
import type { PlanFromSchema } from './plan-schema.js';
import type { Setting as SettingSchema } from './setting-schema.js';

/** What `vmc compile` produces and the enforcer alone needs. The fields are described in plan-schema.ts. */
export type Plan = Omit<PlanFromSchema, 'host'> & { readonly host: HostFacts };
export type Schedule = Plan['schedules'][number];
export type Server = Schedule['servers'][number];
export type Timetable = NonNullable<Schedule['timetable']>;
export type Mode = Plan['modes'][number];
export type PlanClass = Plan['classes'][number];
export type Matcher = PlanClass['match'][number][number];
export type Transition = Plan['transitions'][number];
export type ScheduleProof = Plan['certificate']['schedules'][number];
export type InterfaceProof = NonNullable<Plan['certificate']['interfaces']>[number];
export type PlanCondition = Plan['conditions'][number];
export type Setting = Static<typeof SettingSchema>;
export type Atom = Static<typeof AtomSchema>;
export type Expression = Static<typeof ExpressionSchema>;
export type Calendar = Static<typeof CalendarSchema>;
/** Kleene's three values. */
export type Truth = boolean | 'unknown';

/** The setting of one mechanism. */
export type SettingOf<M extends Setting['mechanism'], S = Setting> = S extends { mechanism: infer N }
  ? M extends N
    ? S
    : never
  : never;
