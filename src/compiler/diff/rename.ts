import type { Condition, ElasticCeiling, Model, Sentence, SignalSubject, Subject } from '../../lang/model.js';
import { writtenName } from '../../lang/words.js';

/** Old names of classes, unions and offers that are called otherwise now, with their new ones. */
export type Renames = ReadonlyMap<string, string>;

/**
 * The model with other names for classes, unions and offers, in sentences, conditions and signals as well.
 * Texts stay as written.
 */
export function renamed(model: Model, renames: Renames): Model {
  if (renames.size === 0) return model;
  const name = (old: string): string => renames.get(old) ?? old;
  const rename = new Renamer(renames);
  return {
    ...model,
    classes: model.classes.map((one) => ({ ...one, name: name(one.name) })),
    unions: model.unions.map((one) => ({ ...one, name: name(one.name), members: one.members.map(name) })),
    conditions: model.conditions.map((one) => ({ ...one, condition: rename.condition(one.condition) })),
    sentences: model.sentences.map((one) => rename.sentence(one)),
    tests: [],
  };
}

class Renamer {
  readonly #name: (old: string) => string;
  /** As signals write them. */
  readonly #written: ReadonlyMap<string, string>;
  /** Conditions are shared by the sentences that they guard. */
  readonly #known = new Map<Condition, Condition>();

  constructor(renames: Renames) {
    this.#name = (old) => renames.get(old) ?? old;
    this.#written = new Map([...renames].map(([old, name]) => [writtenName(old), writtenName(name)]));
  }

  sentence(sentence: Sentence): Sentence {
    const guards = sentence.guards.map((guard) => ({ ...guard, condition: this.condition(guard.condition) }));
    switch (sentence.kind) {
      case 'keep':
        return { ...sentence, guards };
      case 'offer':
        return { ...sentence, guards, name: this.#name(sentence.name) };
      case 'share': {
        const parts = sentence.parts.map((part) => ({ ...part, subject: this.#subject(part.subject) }));
        return { ...sentence, guards, parts };
      }
      case 'limit':
        return {
          ...sentence,
          guards,
          subject: this.#subject(sentence.subject),
          elastic: sentence.elastic && this.#elastic(sentence.elastic),
        };
      default:
        return { ...sentence, guards, subject: this.#subject(sentence.subject) };
    }
  }

  condition(condition: Condition): Condition {
    const known = this.#known.get(condition);
    if (known) return known;
    const made = this.#condition(condition);
    this.#known.set(condition, made);
    return made;
  }

  #condition(condition: Condition): Condition {
    switch (condition.kind) {
      case 'and':
      case 'or':
        return {
          ...condition,
          left: this.condition(condition.left),
          right: this.condition(condition.right),
        };
      case 'not':
      case 'assuming':
        return { ...condition, operand: this.condition(condition.operand) };
      case 'named':
        return { ...condition, condition: this.condition(condition.condition) };
      case 'signal':
        return { ...condition, signal: this.#signal(condition.signal) };
      case 'comparison':
        return { ...condition, subject: this.#signalSubject(condition.subject) };
      default:
        return condition;
    }
  }

  #subject(subject: Subject): Subject {
    return 'name' in subject ? { ...subject, name: this.#name(subject.name) } : subject;
  }

  #elastic(elastic: ElasticCeiling): ElasticCeiling {
    return { ...elastic, minus: this.#signalSubject(elastic.minus) };
  }

  #signalSubject(subject: SignalSubject): SignalSubject {
    return { ...subject, signal: this.#signal(subject.signal) };
  }

  /** `batch.cpu`, `"my vm".running`: the only signals with names in them. */
  #signal(signal: string): string {
    const [, written, measure] =
      /^("(?:[^"\\]|\\.)*"|[^."]+)\.(cpu|memory|running|count)$/.exec(signal) ?? [];
    const name = written === undefined ? undefined : this.#written.get(written);
    return name === undefined ? signal : `${name}.${measure}`;
  }
}
