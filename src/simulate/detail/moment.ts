import type { SettingOf } from '../../compiler/plan.js';
import { sampleOf } from '../../enforce/conditions/atom.js';
import type { CurrentMode } from '../../enforce/mode-tracker.js';
import type { Demand } from '../model/population.js';
import type { Allocation, ScheduleModel } from '../model/schedule-model.js';
import type { Span } from '../replay/replay.js';

type Subject = NonNullable<SettingOf<'quota'>['elastic']>['minus'];

/** What a replay had at one instant: all that it takes to set it up again. */
export interface Moment {
  /** ms since 1970. */
  readonly atMs: number;
  readonly mode: CurrentMode;
  readonly model: ScheduleModel;
  readonly demand: Demand;
  /** What the fluid model delivers then. */
  readonly allocation: Allocation;
  /** Of each quota of the model, in cores. */
  readonly ceilings: readonly number[];
  /** What elastic limits follow, by {@link subjectKey}; null: unknown. */
  readonly samples: ReadonlyMap<string, number | null>;
}

/** A moment and for how long it lasted. */
export interface TimedMoment {
  readonly moment: Moment;
  readonly ms: number;
}

export const subjectKey = (subject: Subject): string =>
  subject.kind === 'signal'
    ? subject.signal
    : JSON.stringify([subject.signal, subject.overNs, subject.side, subject.level]);

/** The beginning of a span, while the replay is there. */
export function momentOf(span: Span): Moment {
  const { fromMs: atMs, mode, model, demand, allocation, ceilings, signals } = span;
  const samples = elasticSubjects(model).map((one) => [subjectKey(one), sampleOf(one, signals)] as const);
  return {
    atMs,
    mode,
    model,
    demand,
    allocation,
    ceilings,
    samples: samples.length > 0 ? new Map(samples) : NONE,
  };
}

const NONE: Moment['samples'] = new Map();

const elasticSubjects = ({ quotas }: ScheduleModel): readonly Subject[] =>
  quotas.flatMap(({ elastic }) => (elastic ? [elastic.minus] : []));
