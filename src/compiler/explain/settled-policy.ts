import type { Model } from '../../lang/model.js';
import { isKnownZone } from '../calendar/zone.js';
import type { HostFacts } from '../facts.js';
import { Findings } from '../findings.js';
import { type ModelContext, modelContext } from '../model-context.js';
import { type ReachableMode, reachableModes } from '../modes/modes.js';
import { type Situation, situationsOf } from '../modes/situation.js';
import { planningContext } from '../planning-context.js';
import type { ScheduleDraft } from '../schedule-draft.js';
import { planSituations } from '../situation-plan.js';

/** A situation with the schedule that it gets. */
export interface SettledSituation {
  readonly situation: Situation;
  readonly schedule: ScheduleDraft;
}

/** A policy on a host, with a schedule for every situation that can occur: what a plan is made of. */
export interface SettledPolicy {
  readonly context: ModelContext;
  readonly modes: readonly ReachableMode[];
  readonly situations: readonly SettledSituation[];
  /** For each mode the index of its situation. */
  readonly ofMode: readonly number[];
}

/** Null where no plan can be made; why not is the compiler's to say. Assertions are not asked. */
export function settle(model: Model, facts: HostFacts): SettledPolicy | null {
  const context = modelContext(model, facts);
  const { table, host, range } = context;
  const zone = host.facts.timezone;
  const calendars = table.atoms.some(({ kind }) => kind === 'calendar');
  if (context.findings.hasErrors || (calendars && !isKnownZone(zone))) return null;
  const reachable = reachableModes(table, zone, range);
  if (!reachable.ok) return null;
  const modes = reachable.modes.map((mode, index) => ({ ...mode, id: String(index) }));
  const { situations, ofMode } = situationsOf(context.model.sentences, table, modes);
  const schedules = schedulesOf(situations, context);
  if (schedules === null) return null;
  return {
    context,
    modes: reachable.modes,
    // INVARIANT: one schedule for each situation.
    situations: situations.map((situation, index) => ({ situation, schedule: schedules[index]! })),
    ofMode,
  };
}

/** The schedule of a single situation, admitted by itself; null where there is none. */
export function settleOne(situation: Situation, context: ModelContext): SettledSituation | null {
  const [schedule] = schedulesOf([situation], context) ?? [];
  return schedule === undefined ? null : { situation, schedule };
}

function schedulesOf(
  situations: readonly Situation[],
  context: ModelContext,
): readonly ScheduleDraft[] | null {
  const findings = new Findings();
  const schedules = planSituations(situations, { ...planningContext(context), findings });
  return findings.hasErrors ? null : schedules;
}
