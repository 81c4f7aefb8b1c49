import { randomUUID } from 'node:crypto';
import { coreCountOf } from '../../compiler/facts.js';
import type { Plan } from '../../compiler/plan.js';
import { withElasticCeilings } from '../../enforce/elastic-ceilings.js';
import { indexPlan, OTHERS } from '../../enforce/plan-index.js';
import type { Status } from '../../enforce/status.js';
import { strictestSchedule } from '../../enforce/strictest-schedule.js';
import type { SignalStore } from '../../rps/index.js';
import {
  type Advice,
  type Asker,
  advise,
  CALIBRATED_FROM,
  forecastLoad,
  LOAD_WINDOW,
  LONGEST_DAYS,
  type LoadPath,
  outcomeOf,
  type TaskRun,
  withoutRuns,
} from '../../rps/running-time/index.js';
import { guestSignal } from '../../rps/signal-catalogue.js';
import type { Clock } from '../../support/clock.js';
import type { RunningTime, RunningTimeOutcome } from '../running-time-schema.js';
import type { KeptOutcomes } from './kept-outcomes.js';
import { type PresentGuest, planAsker } from './plan-asker.js';

export interface RunningTimeQuestion {
  readonly workNs: number;
  /** Null: an ordinary process of the owner's. */
  readonly class: string | null;
  readonly level: number;
}

/** `unknown-class`: the plan has none of that name. `no-load`: no sample says what the owner's load is. */
export type RunningTimeAnswer = RunningTime | 'unknown-class' | 'no-load';

export interface RunningTimesOptions {
  readonly signals: Pick<SignalStore, 'history' | 'latest' | 'limit'>;
  readonly plan: () => Plan;
  readonly status: () => Status;
  readonly outcomes: KeptOutcomes;
  readonly clock: Clock;
}

/** Answers whose outcome may still be told. */
const MOST_OPEN = 4096;
/** What guests use is averaged over so long. */
const USE_OVER_MS = 10_000;
/** What is said of a load of which only the use of processors is known, and not how many threads wait. */
const SECOND_CHOICE = 'host.cpu';

interface Asked {
  readonly question: RunningTimeQuestion;
  readonly advice: Advice;
}

/** Answers how long work will take on this host under the plan in force, and learns from how long it took. */
export class RunningTimes {
  readonly #options: RunningTimesOptions;
  readonly #open = new Map<string, Asked>();
  #runs: TaskRun[] = [];

  constructor(options: RunningTimesOptions) {
    this.#options = options;
  }

  /** Throws a RangeError unless workNs > 0 and 0 < level < 1. */
  ask(question: RunningTimeQuestion): RunningTimeAnswer {
    const { plan, status, clock, outcomes } = this.#options;
    const processors = coreCountOf(plan().host);
    const load = this.#load(processors);
    if (load === null) return 'no-load';
    const now = status();
    const asker = this.#asker(question.class, now, load.now);
    if (asker === 'unknown-class') return asker;
    const { workNs, level } = question;
    const startNs = Number(clock.monotonicNs());
    const advice = advise(
      { workNs, level, asker, path: load.path, startNs, threadsNow: load.now, processors },
      outcomes.all,
    );
    return this.#answer(question, asker, load, advice, now.mode?.id ?? null);
  }

  /** Null: no answer of that id waits for its outcome. Throws a RangeError unless tookNs > 0. */
  tell(id: string, tookNs: number): RunningTimeOutcome | null {
    const asked = this.#open.get(id);
    if (!asked) return null;
    const { question, advice } = asked;
    const outcome = outcomeOf(advice, question.level, tookNs);
    this.#open.delete(id);
    this.#options.outcomes.add(outcome);
    if (question.class === null) {
      const toMs = this.#options.clock.wallMs();
      this.#runs.push({ fromMs: toMs - tookNs / 1e6, toMs });
    }
    return { inside: outcome.inside, tookOfExpected: tookNs / advice.expectedNs };
  }

  #answer(
    { workNs, class: className, level }: RunningTimeQuestion,
    asker: Asker,
    { path, signal, samples }: Load,
    advice: Advice | null,
    mode: string | null,
  ): RunningTime {
    const { clock, outcomes } = this.#options;
    const id = advice === null ? null : randomUUID();
    if (id !== null && advice !== null) {
      this.#open.set(id, { question: { workNs, class: className, level }, advice });
      const [oldest] = this.#open.keys();
      if (this.#open.size > MOST_OPEN && oldest !== undefined) this.#open.delete(oldest);
    }
    const all = outcomes.all;
    return {
      id,
      atMs: clock.wallMs(),
      workNs,
      class: className,
      level,
      expectedNs: advice?.expectedNs ?? null,
      lowerNs: advice?.lowerNs ?? null,
      upperNs: advice?.upperNs ?? null,
      never: advice === null ? whyNever(asker, className ?? 'the owner', mode) : null,
      basis: {
        mode,
        kind: asker.kind,
        aloneCores: advice === null ? 0 : workNs / advice.aloneNs,
        coresAsNow: advice === null || advice.asNowNs === null ? 0 : workNs / advice.asNowNs,
        expectedCores: advice === null ? null : workNs / advice.expectedNs,
        signal,
        threads: advice?.like.threads ?? null,
        model: path.model,
        samples,
        beyondHorizon: advice?.beyondHorizon ?? false,
        outcomes: advice?.outcomes ?? 0,
        calibrated: (advice?.outcomes ?? 0) >= CALIBRATED_FROM,
        coverage: all.length === 0 ? null : all.filter(({ inside }) => inside).length / all.length,
      },
    };
  }

  #asker(className: string | null, { mode, guests }: Status, ownerThreads: number): Asker | 'unknown-class' {
    const { plan, signals } = this.#options;
    const index = indexPlan(plan());
    const { classes } = index.plan;
    const cores = coreCountOf(index.plan.host);
    if (className !== null && className !== OTHERS && !classes.some(({ name }) => name === className))
      return 'unknown-class';
    const inForce = index.schedules.get(mode?.schedule ?? '') ?? strictestSchedule(index.plan);
    const schedule = withElasticCeilings(inForce, signals, cores);
    const present = guests.map(
      (one): PresentGuest => ({
        class: one.class,
        member: one.member,
        usedCores: this.#usedCores(one.key, cores),
      }),
    );
    return planAsker({ index, schedule, guests: present, ownerThreads }, className);
  }

  #usedCores(key: string, cores: number): number | null {
    const { signals, clock } = this.#options;
    const history = signals.history(guestSignal(key, 'cpu'), { fromMs: clock.wallMs() - USE_OVER_MS });
    const known = (history?.values ?? []).filter((value) => value !== null);
    if (known.length === 0) return null;
    return (cores / 100) * (known.reduce((sum, value) => sum + value, 0) / known.length);
  }

  #load(cores: number): Load | null {
    return this.#loadOf('owner.threads', cores, 1) ?? this.#loadOf(SECOND_CHOICE, cores, cores / 100);
  }

  #loadOf(signal: string, cores: number, threadsPerUnit: number): Load | null {
    const history = this.#options.signals.history(signal);
    if (history === null || history.values.length === 0) return null;
    const left = Math.max(0, history.values.length - LOAD_WINDOW);
    const stepMs = history.stepNs / 1e6;
    const firstMs = history.fromMs + left * stepMs;
    const samples = Float64Array.from(history.values.slice(left), (value) =>
      value === null ? Number.NaN : value * threadsPerUnit,
    );
    this.#runs = this.#runs.filter(({ toMs }) => toMs > firstMs - stepMs);
    const others = withoutRuns(samples, firstMs, stepMs, this.#runs);
    const path = forecastLoad(others, history.stepNs, cores);
    if (path === null) return null;
    const known = others.filter((value) => !Number.isNaN(value));
    return { signal, path, samples: known.length, now: known.at(-1) ?? 0 };
  }
}

interface Load {
  readonly signal: string;
  readonly path: LoadPath;
  readonly samples: number;
  /** Threads at the newest sample. */
  readonly now: number;
}

function whyNever({ rates }: Asker, who: string, mode: string | null): string {
  if (rates.some((rate) => rate > 0)) return `not within ${LONGEST_DAYS} days, at the rate that ${who} gets`;
  return `not while mode ${mode ?? 'none'} holds: ${who} gets no processor`;
}
