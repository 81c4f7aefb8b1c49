import type { Diagnostic } from '../lang/diagnostic.js';
import type { Model, Place } from '../lang/model.js';
import type { Source } from '../lang/source.js';
import { invariant } from '../support/invariant.js';
import { conflicts, feasibility } from './catalogue.js';
import { checkAssertions } from './claims/check-assertions.js';
import type { HostFacts } from './facts.js';
import { checkZone } from './host-checks.js';
import { contextOf, type ModelContext, modelContext } from './model-context.js';
import type { ConditionTable } from './modes/condition-table.js';
import { modeId } from './modes/mode-id.js';
import { MOST_MODES, type ReachableMode, reachableModes } from './modes/modes.js';
import { type Situation, type SituationTable, situationsOf } from './modes/situation.js';
import { MOST_SERVER_SETS, transitionsBetween } from './modes/transitions.js';
import type { Mode, Plan, Schedule, ScheduleProof } from './plan.js';
import { planChecksum } from './plan-checksum.js';
import { planBudgets, planDeclarations, planOffers } from './plan-declarations.js';
import { planTree } from './plan-tree.js';
import { planningContext } from './planning-context.js';
import { interfaceProofs } from './reservations/reservation-settings.js';
import type { ScheduleDraft } from './schedule-draft.js';
import { scheduleWriter } from './schedule-text.js';
import { planSituations } from './situation-plan.js';

export interface CompileOptions {
  /** sha256 of the source text, for the plan. */
  readonly digest?: string;
  /** The text itself, the root file first, for the plan. */
  readonly files?: readonly Source[];
  /** Leave out what the host has no mechanism for, with a warning, instead of refusing the policy. */
  readonly degrade?: boolean;
}

export interface CompileResult {
  /** Null when there are errors. */
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
}

type NamedMode = ReachableMode & { readonly id: string };

/** Compiles a checked policy for a host: pure, exact and deterministic. Errors are VMC3xxx, 4xxx and 5xxx diagnostics. */
export function compileModel(model: Model, facts: HostFacts, options: CompileOptions = {}): CompileResult {
  const context = modelContext(model, facts, options);
  const accepts = (changed: Model) => isAccepted(changed, facts, options);
  const plan = planOf(context, options, accepts);
  const { findings } = context;
  return { plan: findings.hasErrors ? null : plan, diagnostics: findings.list };
}

/** Whether a model whose offers are classes already has a plan. */
function isAccepted(model: Model, facts: HostFacts, options: CompileOptions): boolean {
  const context = { ...contextOf(model, facts, options), isTrial: true };
  const plan = planOf(context, options);
  return plan !== null && !context.findings.hasErrors;
}

function planOf(
  context: ModelContext,
  options: CompileOptions,
  accepts?: (model: Model) => boolean,
): Plan | null {
  const { model, host, table, population, nest, findings } = context;
  const modes = namedModes(context);
  if (modes === null) return null;
  const situations = situationsOf(model.sentences, table, modes);
  reportNeverActive(context, situations.situations);
  if (findings.hasErrors) return null;
  const planning = { ...planningContext(context), ...(accepts ? { accepts } : {}) };
  const drafts = planSituations(situations.situations, planning);
  if (findings.hasErrors) return null;
  // INVARIANT: without errors there is a schedule for every situation.
  checkAssertions(
    context,
    situations.situations.map((situation, index) => ({ situation, proof: drafts[index]!.proof })),
  );
  if (findings.hasErrors) return null;
  const named = nameSchedules(drafts);
  const interfaces = interfaceProofs(drafts.flatMap(({ proved }) => proved));
  const transitions = transitionsBetween(named.schedules, host);
  if (transitions === null) {
    reportTooManyChanges(context);
    return null;
  }
  const plan: Plan = {
    planVersion: 1,
    policy: {
      name: policyName(model.file),
      digest: options.digest ?? '',
      ...(options.files ? { files: options.files.map(({ file, text }) => ({ file, text })) } : {}),
      ...(options.degrade ? { leavesOut: true as const } : {}),
    },
    host: host.facts,
    ...planDeclarations(context),
    tree: planTree(planning.gathered, population, nest),
    atoms: [...table.atoms],
    conditions: [...table.conditions],
    modes: modes.map((mode, index) => planMode(mode, index, table, situations, named.ofDraft)),
    schedules: named.schedules,
    transitions: [...transitions],
    budgets: planBudgets(context),
    offers: planOffers(context, modes),
    certificate: { schedules: named.proofs, ...(interfaces.length > 0 ? { interfaces } : {}) },
  };
  return { ...plan, certificate: { ...plan.certificate, checksum: planChecksum(plan, named.textOf) } };
}

/** All combinations of condition values that can occur here, with their names; null where that cannot be said. */
function namedModes({ model, table, host, range, findings }: ModelContext): readonly NamedMode[] | null {
  const zone = host.facts.timezone;
  const calendars = table.atoms.some(({ kind }) => kind === 'calendar');
  if (calendars && !checkZone(zone, model, findings)) return null;
  const result = reachableModes(table, zone, range);
  if (!result.ok) {
    findings.add(
      conflicts.tooManyModes.at(firstGuard(model), { most: MOST_MODES, conditions: conditionIds(table) }),
    );
    return null;
  }
  return result.modes.map((mode) => ({ ...mode, id: modeId(table.conditions, mode.values) }));
}

function reportTooManyChanges({ model, table, findings }: ModelContext): void {
  findings.add(
    feasibility.tooManyChanges.at(firstGuard(model), {
      most: MOST_SERVER_SETS,
      conditions: conditionIds(table),
    }),
  );
}

/** For mistakes that only a policy with several modes can have. */
function firstGuard(model: Model): Place {
  const guard = model.sentences.flatMap(({ guards }) => guards)[0];
  invariant(guard, 'a policy with several modes has a guard');
  return guard.place;
}

const conditionIds = ({ conditions }: ConditionTable): readonly string[] => conditions.map(({ id }) => id);

/** Where a signal is missing its promises never come into force; that is reported already. */
function reportNeverActive(
  { model, table, range, findings }: ModelContext,
  situations: readonly Situation[],
): void {
  if (table.atoms.some((atom) => range(atom).length === 1)) return;
  const active = new Set(situations.flatMap((situation) => situation.active.map(({ sentence }) => sentence)));
  for (const sentence of model.sentences) {
    if (!active.has(sentence)) findings.add(conflicts.neverActive.at(sentence.place, {}));
  }
}

interface NamedSchedules {
  readonly schedules: Schedule[];
  readonly proofs: ScheduleProof[];
  /** Names by draft. */
  readonly ofDraft: readonly string[];
  /** The JSON of one of these, which naming them has made: a large plan is written once. */
  textOf(part: object): string;
}

/** Equal schedules once, numbered in the order of the modes. */
function nameSchedules(drafts: readonly ScheduleDraft[]): NamedSchedules {
  const schedules: Schedule[] = [];
  const proofs: ScheduleProof[] = [];
  const ids = new Map<string, string>();
  const texts = new Map<object, string>();
  const write = scheduleWriter();
  const ofDraft = drafts.map(({ proof, proved: _, ...schedule }) => {
    const own = [write(schedule), JSON.stringify(proof)] as const;
    const key = own[0] + own[1];
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = `s${schedules.length + 1}`;
    ids.set(key, id);
    const named = { id, ...schedule };
    const proved = { schedule: id, ...proof };
    schedules.push(named);
    proofs.push(proved);
    texts
      .set(named, `{"id":"${id}",${own[0].slice(1)}`)
      .set(proved, `{"schedule":"${id}",${own[1].slice(1)}`);
    return id;
  });
  return { schedules, proofs, ofDraft, textOf: (part) => texts.get(part) ?? JSON.stringify(part) };
}

function planMode(
  mode: NamedMode,
  index: number,
  table: ConditionTable,
  situations: SituationTable,
  ofDraft: readonly string[],
): Mode {
  // INVARIANT: one situation for each mode, one draft for each situation, one value for each condition.
  return {
    id: mode.id,
    when: Object.fromEntries(table.conditions.map(({ id }, condition) => [id, mode.values[condition]!])),
    example: mode.example,
    schedule: ofDraft[situations.ofMode[index]!]!,
  };
}

function policyName(file: string): string {
  const base = file.split('/').at(-1) ?? file;
  return base.endsWith('.vmc') ? base.slice(0, -4) : base;
}
