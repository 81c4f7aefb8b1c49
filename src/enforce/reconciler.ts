import { coreCountOf } from '../compiler/facts.js';
import type { Plan } from '../compiler/plan.js';
import { Bookkeeping, type Records } from './account/bookkeeping.js';
import type { Applied } from './applied.js';
import { afterHeldStep, beginChange, longestPeriod, type Settling } from './change-of-schedule.js';
import { Classifier } from './classifier.js';
import { type Assignment, type ClassifiedGuest, NO_ASSIGNMENT } from './classify.js';
import type { Instant, ProcessSource } from './conditions/atom.js';
import {
  type ConditionStates,
  NO_CONDITIONS,
  nextChangeNs,
  stepConditions,
} from './conditions/condition-states.js';
import { ALL_OFF, type Switches } from './conditions/switches.js';
import { decide } from './decide/decide.js';
import type { Desired } from './decide/desired.js';
import { diff } from './diff/diff.js';
import { holdGrowth, holdGrowthAndPart } from './diff/hold-growth.js';
import { withinRoom } from './diff/within-room.js';
import { withElasticCeilings } from './elastic-ceilings.js';
import type { EventLog } from './event-log.js';
import type { FindingDraft } from './findings.js';
import { hiddenGuestFindings } from './hidden-guest-findings.js';
import type { Action, Host, Observation, RunningTimetable } from './host.js';
import { type CurrentMode, carryOver, nextMode, noModeFinding } from './mode-tracker.js';
import { notKept } from './not-kept.js';
import { noteFindings } from './note-findings.js';
import { perform } from './perform.js';
import { indexPlan, type PlanIndex } from './plan-index.js';
import { NOTHING_PUSHED, nextExpiryNs, type PushedSignals, withPushedSignals } from './pushed-signals.js';
import {
  type Attempt,
  actionKey,
  isWaitingForBandwidth,
  NO_REFUSALS,
  refusalFindings,
  updateRefusals,
} from './refusals.js';
import { safeSignals } from './safe-signals.js';
import type { SignalSource } from './signal-source.js';
import type { Finding } from './status.js';
import { StepEvents } from './step-events.js';
import { noRoom, stepFailed } from './step-findings.js';

/** Between two steps when nothing asks for one sooner. */
const STEP_NS = 1_000_000_000n;
/** While the kernel still counts bandwidth that was just freed. */
const RETRY_NS = 50_000_000n;

/** What conditions are about. */
export interface Senses {
  readonly signals: SignalSource;
  /** Whether a process runs whose name fits a glob, besides those with the given pids. */
  readonly processes: (pattern: string, besides: ReadonlySet<number>) => boolean;
}

interface Enforced {
  readonly attempts: readonly Attempt[];
  readonly desired: Desired;
  readonly after: Observation;
  /** What of it is not in force. */
  readonly outstanding: readonly Action[];
  readonly deferred: readonly FindingDraft[];
}

/** Observe, decide, diff, act: one step at a time. Whoever calls it sees to it that steps do not overlap. */
export class Reconciler {
  readonly #host: Host;
  readonly #signals: SignalSource;
  readonly #processes: Senses['processes'];
  readonly #events: StepEvents;
  #index: PlanIndex;
  #states: ConditionStates = NO_CONDITIONS;
  #mode: CurrentMode | null = null;
  #settling: Settling | null = null;
  #assignment: Assignment = NO_ASSIGNMENT;
  readonly #classifier = new Classifier();
  #timetable: RunningTimetable | null = null;
  #refusals = NO_REFUSALS;
  #applied: Applied | null = null;
  readonly #bookkeeping: Bookkeeping;
  #lastStepNs = 0n;
  #failed = false;
  switches: Switches = ALL_OFF;
  pushed: PushedSignals = NOTHING_PUSHED;

  /** `stepNs`: between two steps when nothing asks for one sooner. */
  constructor(
    host: Host,
    plan: Plan,
    { signals, processes }: Senses,
    events: EventLog,
    records: Records,
    private readonly stepNs: bigint = STEP_NS,
  ) {
    this.#host = host;
    this.#index = indexPlan(plan);
    this.#signals = safeSignals(signals);
    this.#processes = processes;
    this.#events = new StepEvents(events, host.clock);
    this.#bookkeeping = new Bookkeeping(records);
  }

  get index(): PlanIndex {
    return this.#index;
  }
  get states(): ConditionStates {
    return this.#states;
  }
  get mode(): CurrentMode | null {
    return this.#mode;
  }
  get isSettling(): boolean {
    return this.#settling !== null;
  }
  get applied(): Applied | null {
    return this.#applied;
  }
  get findings(): readonly Finding[] {
    return this.#events.findings;
  }
  get bookkeeping(): Bookkeeping {
    return this.#bookkeeping;
  }

  /** From the next step on. Guests keep their places in classes that both plans have, conditions their clocks. */
  async replacePlan(plan: Plan): Promise<void> {
    await this.#closeInterval();
    this.#states = carryOver(this.#index.plan, this.#states, plan);
    this.#index = indexPlan(plan);
    // The old schedule stays behind under a name that no plan uses: the way from it to the new one is taken in two steps.
    const old = this.#mode;
    this.#mode = old && { ...old, id: '', schedule: { ...old.schedule, id: '' }, states: NO_CONDITIONS };
    this.#bookkeeping.beginPlan();
    this.#applied = null;
  }

  /** One step. Never throws: what goes wrong is a finding, and the next step tries again. */
  async step(): Promise<void> {
    const now = this.now();
    this.#lastStepNs = now.nowNs;
    try {
      await this.#reconcile(now);
      this.#failed = false;
    } catch (error) {
      this.#failed = true;
      const message = error instanceof Error ? error.message : String(error);
      const others = this.findings.filter(({ code }) => code !== 'step-failed');
      this.#events.report([...others, stepFailed(message)]);
    }
  }

  /** Closes the interval being measured, before everything is given back. */
  async finish(): Promise<void> {
    await this.#closeInterval();
    this.#bookkeeping.close();
    this.#applied = null;
    this.#mode = null;
  }

  /** When the next step is due: at the latest after `stepNs`, sooner where a condition or a wait will have ended. */
  nextStepNs(): bigint {
    const now = this.now();
    const due = this.#lastStepNs + this.stepNs;
    // After a failed step the times below may be of the past, and would have it repeated without a pause.
    if (this.#failed) return due;
    const candidates = [
      nextChangeNs(this.#states, now),
      nextExpiryNs(this.pushed, now.nowNs),
      this.#settling?.untilNs ?? null,
    ];
    if (isWaitingForBandwidth(this.#refusals, now.nowNs, this.#graceNs())) {
      candidates.push(this.#lastStepNs + RETRY_NS);
    }
    return candidates.reduce<bigint>((least, at) => (at !== null && at < least ? at : least), due);
  }

  now(): Instant {
    return { nowNs: this.#host.clock.monotonicNs(), wallMs: this.#host.clock.wallMs() };
  }

  async #reconcile(now: Instant): Promise<void> {
    this.#events.begin(now);
    const before = this.#complete(await this.#host.observe());
    this.#account(before);
    const { assignment, classified, findings } = this.#classifier.classify(
      this.#index.plan,
      this.#assignment,
      before,
    );
    const signals = this.#signalsAt(now);
    this.#states = stepConditions(this.#index.plan, this.#states, {
      ...now,
      zone: this.#index.plan.host.timezone,
      signals,
      switches: this.switches,
      processes: this.#processesBeside(classified),
      budgets: this.#bookkeeping.budgetsAt(this.#index, classified, now.wallMs),
    });
    const mode = this.#enterMode(now);
    this.#events.guests(this.#assignment, classified, assignment);
    this.#assignment = assignment;
    const { attempts, desired, after, outstanding, deferred } = await this.#enforce(
      mode,
      classified,
      before,
      signals,
    );
    this.#refusals = updateRefusals(this.#refusals, attempts, now.nowNs);
    this.#applied = { mode, classified, observation: after, desired, outstanding };
    this.#events.report([
      ...notKept(this.#index.plan),
      ...this.#bookkeeping.findings(),
      ...(mode.id === 'none' ? [noModeFinding(this.#index.plan, this.#states)] : []),
      ...findings,
      ...desired.findings,
      ...deferred,
      ...noteFindings(after),
      ...hiddenGuestFindings(after),
      ...refusalFindings(this.#refusals, this.now().nowNs, this.#graceNs()),
    ]);
  }

  #signalsAt({ nowNs }: Instant): SignalSource {
    const names = new Set(this.#index.plan.signals.map(({ name }) => name));
    return names.size === 0 ? this.#signals : withPushedSignals(this.#signals, names, this.pushed, nowNs);
  }

  #processesBeside(classified: readonly ClassifiedGuest[]): ProcessSource {
    const guests = new Set(classified.map(({ guest }) => guest.pid));
    return (pattern) => this.#processes(pattern, guests);
  }

  #enterMode(now: Instant): CurrentMode {
    const previous = this.#mode;
    const mode = nextMode(this.#index, previous, this.#states, now);
    if (mode === previous) return mode;
    this.#mode = mode;
    this.#settling =
      beginChange(this.#index.plan, previous?.schedule ?? null, mode.schedule) ?? this.#settling;
    this.#bookkeeping.beginMode();
    this.#events.mode(previous, mode, now);
    return mode;
  }

  /** Acts until what is desired is in force, or as far as the first step of a two-step change goes. */
  async #enforce(
    mode: CurrentMode,
    classified: readonly ClassifiedGuest[],
    before: Observation,
    signals: SignalSource,
  ): Promise<Enforced> {
    const attempts: Attempt[] = [];
    const { host } = this.#index.plan;
    const { deadlineLimit } = host;
    const schedule = withElasticCeilings(mode.schedule, signals, coreCountOf(host));
    const desired = decide(this.#index, schedule, classified, before);
    const isInForce = this.#settling === null && diff(before, desired).length === 0;
    if (isInForce) return { attempts, desired, after: before, outstanding: [], deferred: [] };
    // First all that frees: only what is then seen to be free may be taken.
    const held = this.#settling
      ? holdGrowthAndPart(before, desired, deadlineLimit)
      : holdGrowth(before, desired);
    let after = await this.#act(diff(before, held), attempts, before);
    if (this.#settling) this.#settling = afterHeldStep(this.#settling, attempts, this.now().nowNs);
    if (this.#settling) return { attempts, desired, after, outstanding: diff(after, desired), deferred: [] };
    const tried = new Set(attempts.map(({ action }) => actionKey(action)));
    const rest = diff(after, desired).filter((action) => !tried.has(actionKey(action)));
    const { actions, deferred } = withinRoom(after, rest, deadlineLimit);
    after = await this.#act(actions, attempts, after);
    // Servers that wait for each other's places make room in two steps, whatever brought them there.
    if (deferred.length > 0)
      this.#settling = { longestPeriodNs: longestPeriod(this.#index.plan.schedules), untilNs: null };
    return {
      attempts,
      desired,
      after,
      outstanding: diff(after, desired),
      deferred: deferred.map(noRoom),
    };
  }

  async #act(actions: readonly Action[], attempts: Attempt[], before: Observation): Promise<Observation> {
    if (actions.length === 0) return before;
    const done = await perform(this.#host, actions);
    attempts.push(...done);
    for (const { action, outcome } of done) {
      if (action.kind === 'set-timetable' && outcome.ok) this.#timetable = action.timetable;
      this.#events.ending(action, outcome.ok, this.#index, this.#mode, this.#assignment);
    }
    return this.#complete(await this.#host.observe());
  }

  /** What goes wrong leaves it measured up to the last step. */
  async #closeInterval(): Promise<void> {
    try {
      this.#account(this.#complete(await this.#host.observe()));
    } catch {
      // Whatever comes next must go on.
    }
  }

  #account(after: Observation): void {
    if (this.#applied === null) return;
    const { nowNs, wallMs } = this.now();
    this.#bookkeeping.record({
      index: this.#index,
      applied: this.#applied,
      after,
      wallMs,
      conditions: this.#states.conditions,
      findings: this.findings,
      settling: this.#settling !== null || nowNs - this.#applied.mode.since.nowNs < this.#graceNs(),
    });
    // INVARIANT: an interval is measured once; a step that fails after this starts the next one here.
    this.#applied = { ...this.#applied, observation: after };
  }

  /** With the timetable that was last set, where the host does not say what is in force. */
  #complete(observation: Observation): Observation {
    return observation.timetable === undefined ? { ...observation, timetable: this.#timetable } : observation;
  }

  #graceNs(): bigint {
    return 2n * longestPeriod(this.#index.plan.schedules) + STEP_NS;
  }
}
