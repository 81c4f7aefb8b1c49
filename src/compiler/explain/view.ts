import type { Condition, GuestClass, Model, Place, Sentence } from '../../lang/model.js';
import { budgetIds } from '../budgets.js';
import type { Circumstances } from '../claims/circumstances.js';
import { anywhere, circumstancesOf } from '../claims/circumstances-of.js';
import type { Reason } from '../claims/reason.js';
import { combine } from '../combine.js';
import { type ConditionWords, conditionText } from '../condition-text.js';
import type { Demands } from '../demands.js';
import { Findings } from '../findings.js';
import type { ModelContext } from '../model-context.js';
import type { Population } from '../population.js';
import { nameKey } from '../subject-key.js';
import type { Contribution } from './point.js';
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
  readonly writer: Writer;
}

export function viewOf(
  key: string,
  { situation, schedule }: SettledSituation,
  context: ModelContext,
  { elastic, population }: Knowledge,
  writer: Writer,
): View {
  const demands = combine(situation, { ...context, findings: new Findings() });
  const inner = { ...context, population };
  const circumstances = circumstancesOf(situation, inner, { elastic, proof: schedule.proof });
  return { key, context, situation, schedule, demands, circumstances, writer };
}

/** Puts places of a policy into words. */
export class Writer {
  readonly #words: ConditionWords;
  readonly #sentences = new Map<string, Sentence>();
  readonly #classes = new Map<string, GuestClass>();

  constructor({ model, host }: ModelContext) {
    this.#words = { host, budgets: budgetIds(model.sentences) };
    // Of sentences in one place the first: what `then` asks for, and the terms of offers, are told by their text.
    for (const sentence of [...model.sentences].reverse())
      this.#sentences.set(idOf(sentence.place), sentence);
    for (const declared of guestClasses(model)) this.#classes.set(idOf(declared.place), declared);
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

  ofSentence(sentence: Sentence, role: string, decides: boolean): Contribution {
    const { text, place } = sentence;
    return { text, place, role, decides, when: this.when(sentence) };
  }

  /** A place that decides an answer is that of a sentence or of a class. */
  ofReason({ place, role }: Reason, decides: boolean): Contribution {
    const sentence = this.#sentences.get(idOf(place));
    if (sentence) return this.ofSentence(sentence, role, decides);
    const declared = this.#classes.get(idOf(place));
    return { text: declared ? declarationText(declared) : '', place, role, decides, when: null };
  }
}

const guestClasses = ({ classes }: Model): readonly GuestClass[] => classes;

export const idOf = ({ file, range }: Place): string => `${file}:${range.start.offset}`;

/** "vm build", "group batch up to 6 vms". */
export function declarationText({ kind, name, maxGuests }: GuestClass): string {
  const shown = nameKey(name);
  return kind === 'vm'
    ? `vm ${shown}`
    : `group ${shown} up to ${maxGuests} ${maxGuests === 1 ? 'vm' : 'vms'}`;
}

/** The deciding ones first, each place once with each role; in the order of the text otherwise. */
export function inOrder(contributions: readonly Contribution[]): readonly Contribution[] {
  const distinct = new Map<string, Contribution>();
  for (const one of contributions) {
    const id = `${idOf(one.place)} ${one.role}`;
    const other = distinct.get(id);
    if (other === undefined || (one.decides && !other.decides)) distinct.set(id, one);
  }
  return [...distinct.values()].sort(
    (a, b) =>
      Number(b.decides) - Number(a.decides) ||
      (a.place.file < b.place.file ? -1 : a.place.file > b.place.file ? 1 : 0) ||
      a.place.range.start.offset - b.place.range.start.offset,
  );
}
