import type { Diagnostic } from '../lang/diagnostic.js';
import type { Model, Place } from '../lang/model.js';
import { invariant } from '../support/invariant.js';
import { compare, formatRational } from '../support/rational.js';
import { conflicts, feasibility } from './catalogue.js';
import { type ConditionTable, tabulateConditions } from './condition-table.js';
import { coresOf } from './cpu-amount.js';
import { type EffectiveHost, effectiveHost, wholeHost } from './effective-host.js';
import type { HostFacts } from './facts.js';
import { Findings } from './findings.js';
import { atomRange, checkHost, checkSensors, checkZone } from './host-checks.js';
import { chooseMechanisms } from './mechanism-choice.js';
import { modeId } from './mode-id.js';
import { MOST_MODES, type ReachableMode, reachableModes } from './modes.js';
import { buildNest } from './nest.js';
import type { Mode, Plan, Schedule, ScheduleProof } from './plan.js';
import { gatheredSubjects, planTree } from './plan-tree.js';
import { type Population, populationOf } from './population.js';
import { type Situation, type SituationTable, situationsOf } from './situation.js';
import { planSituations, type ScheduleDraft } from './situation-plan.js';
import { nameKey } from './subject-key.js';
import { MOST_SERVER_SETS, transitionsBetween } from './transitions.js';

export interface CompileOptions {
  /** sha256 of the source text, for the plan. */
  readonly digest?: string;
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
  const findings = new Findings();
  const host = effectiveHost(facts, model.host);
  checkHost(model.host, facts, findings);
  const plan = planOf(model, host, options, findings);
  return { plan: findings.hasErrors ? null : plan, diagnostics: findings.list };
}

function planOf(model: Model, host: EffectiveHost, options: CompileOptions, findings: Findings): Plan | null {
  const table = tabulateConditions(model.sentences, host);
  checkSensors(model, table, host.facts.sensors, findings);
  const modes = namedModes(model, table, host, findings);
  if (modes === null) return null;
  checkKeeps(model, host, findings);
  const population = populationOf(model);
  const nest = buildNest(model.sentences, population, findings);
  const mechanisms = chooseMechanisms(model.sentences, host, options.degrade ?? false, findings);
  const situations = situationsOf(model.sentences, table, modes);
  reportNeverActive(model, table, situations.situations, host, findings);
  if (findings.hasErrors) return null;
  const gathered = gatheredSubjects(mechanisms, population, nest);
  const timing =
    host.mechanisms.has('reservation') &&
    [...mechanisms.values()].some((name) => name === 'reservation' || name === 'duty' || name === 'freezer');
  const context = { host, population, mechanisms, findings, nest, gathered, timing };
  const drafts = planSituations(situations.situations, context);
  if (findings.hasErrors) return null;
  const named = nameSchedules(drafts);
  const transitions = transitionsBetween(named.schedules, host);
  if (transitions === null) {
    reportTooManyChanges(model, table, findings);
    return null;
  }
  return {
    planVersion: 1,
    policy: { name: policyName(model.file), digest: options.digest ?? '' },
    host: host.facts,
    ...planClasses(model, population),
    tree: planTree(gathered, population, nest),
    switches: model.switches.map(({ name }) => name),
    atoms: [...table.atoms],
    conditions: [...table.conditions],
    modes: modes.map((mode, index) => planMode(mode, index, table, situations, named.ofDraft)),
    schedules: named.schedules,
    transitions: [...transitions],
    budgets: [],
    offers: [],
    certificate: { schedules: named.proofs },
  };
}

function namedModes(
  model: Model,
  table: ConditionTable,
  host: EffectiveHost,
  findings: Findings,
): readonly NamedMode[] | null {
  const zone = host.facts.timezone;
  const calendars = table.atoms.some(({ kind }) => kind === 'calendar');
  if (calendars && !checkZone(zone, model, findings)) return null;
  const result = reachableModes(table, zone, atomRange(host.facts.sensors));
  if (!result.ok) {
    findings.add(
      conflicts.tooManyModes.at(firstGuard(model), { most: MOST_MODES, conditions: conditionIds(table) }),
    );
    return null;
  }
  return result.modes.map((mode) => ({ ...mode, id: modeId(table.conditions, mode.values) }));
}

function reportTooManyChanges(model: Model, table: ConditionTable, findings: Findings): void {
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

function checkKeeps(model: Model, host: EffectiveHost, findings: Findings): void {
  for (const sentence of model.sentences) {
    if (sentence.kind !== 'keep' || sentence.amounts.cpu === null) continue;
    const kept = coresOf(sentence.amounts.cpu, host);
    if (compare(kept, wholeHost(host)) <= 0) continue;
    findings.add(
      feasibility.keepsMoreThanAll.at(sentence.place, {
        kept: formatRational(kept),
        cores: host.coreCount,
        mode: 'always',
        example: null,
      }),
    );
  }
}

/** Where a signal is missing its promises never come into force; that is reported already. */
function reportNeverActive(
  model: Model,
  table: ConditionTable,
  situations: readonly Situation[],
  host: EffectiveHost,
  findings: Findings,
): void {
  const range = atomRange(host.facts.sensors);
  if (table.atoms.some((atom) => range(atom).length === 1)) return;
  const active = new Set(situations.flatMap((situation) => situation.active.map(({ sentence }) => sentence)));
  for (const sentence of model.sentences) {
    if (!active.has(sentence)) findings.add(conflicts.neverActive.at(sentence.place, {}));
  }
}

function planClasses(model: Model, population: Population): Pick<Plan, 'classes' | 'unions'> {
  return {
    classes: model.classes.map((one) => ({
      name: nameKey(one.name),
      kind: one.kind,
      maxGuests: one.maxGuests,
      vcpus: one.vcpus,
      memoryBytes: one.memoryBytes === null ? null : Number(one.memoryBytes),
      match: one.matchers.map((all) => all.map(({ attribute, pattern }) => ({ attribute, pattern }))),
    })),
    unions: [...population.unions].map(([name, classes]) => ({ name, classes: [...classes] })),
  };
}

/** Equal schedules once, numbered in the order of the modes. */
function nameSchedules(drafts: readonly ScheduleDraft[]): {
  readonly schedules: Schedule[];
  readonly proofs: ScheduleProof[];
  readonly ofDraft: readonly string[];
} {
  const schedules: Schedule[] = [];
  const proofs: ScheduleProof[] = [];
  const ids = new Map<string, string>();
  const ofDraft = drafts.map((draft) => {
    const key = JSON.stringify(draft);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = `s${schedules.length + 1}`;
    const { proof, ...schedule } = draft;
    ids.set(key, id);
    schedules.push({ id, ...schedule });
    proofs.push({ schedule: id, ...proof });
    return id;
  });
  return { schedules, proofs, ofDraft };
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
