import type { Condition, GuestClass, Place, Sentence } from '../../lang/model.js';
import type { Circumstances } from '../claims/circumstances.js';
import { anywhere, circumstancesOf } from '../claims/circumstances-of.js';
import { budgetIds } from '../demands/budgets.js';
import { combine } from '../demands/combine.js';
import type { Demands } from '../demands/demands.js';
import { Findings } from '../findings.js';
import type { ModelContext } from '../model-context.js';
import { type ConditionWords, conditionText } from '../modes/condition-text.js';
import type { Population } from '../population.js';
import { nameKey } from '../subject-key.js';
import type { SettledSituation } from './settled-policy.js';

/** What is known of the world besides the conditions: nothing, or what `--given` says. */
export interface Knowledge {
  readonly elastic: Circumstances['elastic'];
  /** With as many guests as there are; as many as may come unless told. */
  readonly population: Population;
}

export const anything = ({ host, population }: ModelContext): Knowledge => ({
  elastic: anywhere(host),
  population,
});

/** A situation as seen for one subject: what is in force, what it comes to, the schedule. */
export interface View extends SettledSituation {
  /** Of the subject. */
  readonly key: string;
  readonly context: ModelContext;
  /** With all guests that may come: what the schedule is made for. */
  readonly demands: Demands;
  readonly circumstances: Circumstances;
  /** The same but for what weights prove: what is promised by sentences. */
  readonly promises: Circumstances;
  readonly writer: Writer;
  /** Sentences whose conditions are known to hold. */
  readonly certain: ReadonlySet<Sentence>;
}

/** A situation as seen for anybody: what a view has but for whose it is. */
export type Scenery = Omit<View, 'key'>;

export function sceneryOf(
  { situation, schedule }: SettledSituation,
  context: ModelContext,
  { elastic, population }: Knowledge,
  writer: Writer,
): Scenery {
  const demands = combine(situation, { ...context, findings: new Findings() });
  const inner = { ...context, population };
  const circumstances = circumstancesOf(situation, inner, { elastic, proof: schedule.proof });
  const certain = new Set(situation.active.flatMap((one) => (one.certain ? [one.sentence] : [])));
  const promises = { ...circumstances, proved: new Map() };
  return { context, situation, schedule, demands, circumstances, promises, writer, certain };
}

/** Puts places of a policy into words. */
export class Writer {
  readonly #words: ConditionWords;
  readonly #sentences = new Map<string, Sentence>();
  readonly #classes = new Map<string, GuestClass>();

  constructor({ model, host }: ModelContext) {
    this.#words = { host, budgets: budgetIds(model.sentences) };
    for (const sentence of model.sentences) this.#sentences.set(idOf(sentence.place), sentence);
    for (const declared of model.classes) this.#classes.set(idOf(declared.place), declared);
  }

  condition(condition: Condition): string {
    return conditionText(condition, this.#words);
  }

  /** What has to hold for a sentence to be in force; null: nothing. */
  when({ guards }: Pick<Sentence, 'guards'>): string | null {
    const parts = guards.map(({ condition, expected }) => {
      const text = this.condition(condition);
      const shown = / (?:or|and|except|assuming) /.test(text) && guards.length > 1 ? `(${text})` : text;
      return expected ? shown : `not ${/^[^\s]+$|^\(.*\)$/.test(shown) ? shown : `(${shown})`}`;
    });
    return parts.length === 0 ? null : parts.join(' and ');
  }

  /** The sentence at a place, or the class declared there; of a budget what it is followed by. */
  at(place: Place): Sentence | GuestClass | undefined {
    return this.#sentences.get(idOf(place)) ?? this.#classes.get(idOf(place));
  }
}

export const idOf = ({ file, range }: Place): string => `${file}:${range.start.offset}`;

/** "vm build", "group batch up to 6 vms". */
export function declarationText({ kind, name, maxGuests }: GuestClass): string {
  const shown = nameKey(name);
  return kind === 'vm'
    ? `vm ${shown}`
    : `group ${shown} up to ${maxGuests} ${maxGuests === 1 ? 'vm' : 'vms'}`;
}
