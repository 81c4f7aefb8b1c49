import type { Sentence } from '../../lang/model.js';
import { modeWords, type Words } from '../explain/mode-words.js';
import type { Truth } from '../plan.js';
import type { Term } from './term.js';

/** What a subject gets otherwise, in some modes. */
export interface Change {
  /** Keys of the subjects that it is the same for. */
  readonly subjects: readonly string[];
  /** Ways in which it comes about; none: in every mode. Null: few words do not tell. */
  readonly when: Words;
  /** Indices of the joint modes. */
  readonly modes: readonly number[];
  readonly items: readonly ChangedTerm[];
}

export interface ChangedTerm {
  readonly topic: string;
  /** Null: there is no such thing. */
  readonly old: Side | null;
  readonly new: Side | null;
}

export interface Side {
  /** "at most 2 cores (25% of cpu)". */
  readonly text: string;
  /** Each with what it follows from in one of the modes. */
  readonly sentences: readonly Sentence[];
}

/** What differs for one subject in one mode. */
export interface Difference {
  readonly topic: string;
  readonly old: Term | null;
  readonly new: Term | null;
}

/** Terms that are not the same, in the order of topics. */
export function differences(old: readonly Term[], now: readonly Term[]): readonly Difference[] {
  const before = new Map(old.map((term) => [term.topic, term]));
  const after = new Map(now.map((term) => [term.topic, term]));
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((topic) => {
    const [one, other] = [before.get(topic) ?? null, after.get(topic) ?? null];
    const same = one?.key === other?.key && one?.mechanism === other?.mechanism;
    return same ? [] : [{ topic, old: one, new: other }];
  });
}

/** By subject the differences in each mode, by index. */
export type DifferencesOf = ReadonlyMap<string, readonly (readonly Difference[])[]>;

/**
 * Puts together what is the same in several modes and for several subjects; those that concern most modes
 * first.
 */
export function groupChanges(
  bySubject: DifferencesOf,
  values: readonly (readonly Truth[])[],
  names: readonly string[],
): readonly Change[] {
  const groups = new Map<string, { subjects: string[]; modes: readonly number[]; items: ChangedTerm[] }>();
  for (const [subject, modes] of bySubject) {
    for (const { at, items } of ofSubject(modes)) {
      const key = JSON.stringify([at, items.map(({ old, new: now }) => [old?.text, now?.text])]);
      const group = groups.get(key);
      if (group) {
        group.subjects.push(subject);
        group.items = group.items.map((item, index) => merged(item, items[index]));
      } else groups.set(key, { subjects: [subject], modes: at, items: [...items] });
    }
  }
  const words = new Map<string, Words>();
  return [...groups.values()].map((group) => {
    const key = group.modes.join(' ');
    if (!words.has(key)) words.set(key, modeWords(group.modes, values, names));
    const when = words.get(key) ?? null;
    return { ...group, when };
  });
}

/** Changes of one subject, those in the same modes together. */
function ofSubject(
  modes: readonly (readonly Difference[])[],
): readonly { readonly at: readonly number[]; readonly items: readonly ChangedTerm[] }[] {
  const byChange = new Map<string, { at: number[]; all: Difference[] }>();
  for (const [mode, found] of modes.entries()) {
    for (const one of found) {
      const key = JSON.stringify([one.topic, sideKey(one.old), sideKey(one.new)]);
      const known = byChange.get(key) ?? { at: [], all: [] };
      known.at.push(mode);
      known.all.push(one);
      byChange.set(key, known);
    }
  }
  const byModes = new Map<string, { at: number[]; items: ChangedTerm[] }>();
  for (const { at, all } of byChange.values()) {
    const key = at.join(' ');
    const known = byModes.get(key) ?? { at, items: [] };
    known.items.push(changedTerm(all));
    byModes.set(key, known);
  }
  return [...byModes.values()];
}

const sideKey = (term: Term | null): readonly unknown[] | null => term && [term.key, term.mechanism];

/** INVARIANT: they are alike but for the sentences; there is one at least. */
function changedTerm(all: readonly Difference[]): ChangedTerm {
  const { topic, old, new: now } = all[0]!;
  const onlyMechanism = old !== null && now !== null && old.key === now.key;
  const side = (term: Term | null, terms: readonly (Term | null)[]): Side | null => {
    if (term === null) return null;
    const by = onlyMechanism && term.mechanism !== null ? `, by ${term.mechanism}` : '';
    return { text: `${term.text}${by}`, sentences: distinct(terms.flatMap((one) => one?.sentences ?? [])) };
  };
  return {
    topic,
    old: side(
      old,
      all.map((one) => one.old),
    ),
    new: side(
      now,
      all.map((one) => one.new),
    ),
  };
}

function merged(item: ChangedTerm, other: ChangedTerm | undefined): ChangedTerm {
  const side = (one: Side | null, two: Side | null | undefined): Side | null =>
    one && { ...one, sentences: distinct([...one.sentences, ...(two?.sentences ?? [])]) };
  return { ...item, old: side(item.old, other?.old), new: side(item.new, other?.new) };
}

const distinct = (sentences: readonly Sentence[]): readonly Sentence[] =>
  [...new Set(sentences)].sort((a, b) => a.index - b.index);
