import type { Diagnostic } from '../../lang/diagnostic.js';
import type { Condition, Model, Sentence } from '../../lang/model.js';
import type { NamedCalendar } from '../calendar/calendars-in.js';
import { budgetIds } from '../demands/budgets.js';
import type { HostFacts } from '../facts.js';
import { Findings } from '../findings.js';
import { type ModelContext, modelContext } from '../model-context.js';
import { type ConditionWords, calendarText, conditionText } from '../modes/condition-text.js';
import { modeId } from '../modes/mode-id.js';
import { type Situation, situationOf } from '../modes/situation.js';
import type { ScheduleProof, Truth } from '../plan.js';
import { gatheredSubjects } from '../plan-tree.js';
import { planSituations } from '../situation-plan.js';
import { everyMoment, type Moment } from './moments.js';
import { truthOf } from './truth-of.js';
import type { World } from './world.js';

/** What planning a situation comes to. */
export interface Planned {
  /** Errors; none when there is a schedule. */
  readonly conflicts: readonly Diagnostic[];
  readonly proof: Pick<ScheduleProof, 'shares'> | null;
}

/** A policy on a host, in which tests take place. Situations are planned once, however many tests are in them. */
export class Scene {
  readonly context: ModelContext;
  readonly #words: ConditionWords;
  readonly #lastIndex: number;
  readonly #moments = new Map<string, readonly Moment[]>();
  readonly #planned = new Map<string, Planned>();

  constructor(model: Model, facts: HostFacts) {
    this.context = modelContext(model, facts);
    this.#lastIndex = model.sentences.reduce((last, { index }) => Math.max(last, index), -1);
    this.#words = { host: this.context.host, budgets: budgetIds(this.context.model.sentences) };
  }

  /** What an offer says of its guests is told by the offer. */
  isTermOfOffer({ index }: Sentence): boolean {
    return index > this.#lastIndex;
  }

  get sentences(): readonly Sentence[] {
    return this.context.model.sentences;
  }

  /** Values of the conditions of the policy's table, by index. */
  valuesIn(world: World): readonly Truth[] {
    const { table, host } = this.context;
    const values: Truth[] = table.conditions.map(() => false);
    for (const [index, { guards }] of this.sentences.entries()) {
      for (const [position, { condition }] of guards.entries()) {
        const reference = table.guards[index]?.[position];
        if (reference) values[reference.condition] = truthOf(condition, world, host);
      }
    }
    return values;
  }

  situationWith(values: readonly Truth[], instant: string | null): Situation {
    const { table } = this.context;
    return situationOf(this.sentences, table, {
      id: modeId(table.conditions, values),
      example: instant,
      values,
    });
  }

  /** Every time that some calendars tell apart. */
  momentsOf(calendars: readonly NamedCalendar[]): readonly Moment[] {
    const key = calendars.map(({ calendar }) => calendarText(calendar)).join('\n');
    const moments = this.#moments.get(key) ?? everyMoment(calendars, this.context.host.facts.timezone);
    this.#moments.set(key, moments);
    return moments;
  }

  planned(situation: Situation): Planned {
    const key = situation.active
      .map(({ sentence, certain }) => `${sentence.index}${certain ? '' : '?'}`)
      .join(' ');
    const known = this.#planned.get(key);
    if (known) return known;
    const planned = this.#plan(situation);
    this.#planned.set(key, planned);
    return planned;
  }

  #plan(situation: Situation): Planned {
    const { host, population, mechanisms, nest } = this.context;
    const findings = new Findings();
    const gathered = gatheredSubjects(mechanisms, population, nest);
    const timing =
      host.mechanisms.has('reservation') &&
      [...mechanisms.values()].some(
        (name) => name === 'reservation' || name === 'duty' || name === 'freezer',
      );
    const [draft] = planSituations([situation], { ...this.context, findings, gathered, timing });
    return {
      conflicts: findings.list.filter(({ severity }) => severity === 'error'),
      proof: draft?.proof ?? null,
    };
  }

  textOf(condition: Condition): string {
    return conditionText(condition, this.#words);
  }
}
