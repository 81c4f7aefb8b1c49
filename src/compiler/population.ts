import type { GuestClass, Model, Subject } from '../lang/model.js';
import { nameKey, subjectKey } from './subject-key.js';

export type SubjectKind = Subject['kind'];

/** Who is spoken of: classes and unions by their keys in the plan, unions resolved to the classes in them. */
export interface Population {
  readonly classes: ReadonlyMap<string, GuestClass>;
  /** In the order of the file. */
  readonly unions: ReadonlyMap<string, readonly string[]>;
  kindOf(key: string): SubjectKind;
  /** Keys of the classes in a subject; `others` stands for the guests of no class, `owner` has none. */
  membersOf(key: string): readonly string[];
  /**
   * Those among whom an equal share divides what a subject has: the members of a union as declared, every class and
   * `others` of the guests. None of a class, whose guests are alike anyway.
   */
  partsOf(key: string): readonly string[];
}

export function populationOf(model: Model): Population {
  const classes = new Map(model.classes.map((one) => [nameKey(one.name), one]));
  const declared = new Map(model.unions.map((union) => [union.name, union]));
  // Each union once: written out along every path, a few lines of unions of unions would be exponentially long.
  const resolved = new Map<string, readonly string[]>();
  const resolve = (name: string): readonly string[] => {
    const union = declared.get(name);
    if (union === undefined) return [nameKey(name)];
    const classesIn = resolved.get(name) ?? [...new Set(union.members.flatMap(resolve))];
    resolved.set(name, classesIn);
    return classesIn;
  };
  const unions = new Map(model.unions.map(({ name }) => [nameKey(name), resolve(name)]));
  const members = new Map(model.unions.map((union) => [nameKey(union.name), union.members.map(nameKey)]));
  const everyone = [...classes.keys(), 'others'];
  return {
    classes,
    unions,
    kindOf: (key) => {
      if (classes.has(key)) return 'class';
      if (unions.has(key)) return 'union';
      return key === 'guests' || key === 'others' ? key : 'owner';
    },
    membersOf: (key) => {
      if (key === 'guests') return everyone;
      if (key === 'owner') return [];
      return unions.get(key) ?? [key];
    },
    partsOf: (key) => (key === 'guests' ? everyone : (members.get(key) ?? [])),
  };
}

/** The same with some classes declared otherwise, by name. */
export function withClasses(
  population: Population,
  changed: ReadonlyMap<string, (declared: GuestClass) => GuestClass>,
): Population {
  if (changed.size === 0) return population;
  const classes = [...population.classes].map(
    ([key, one]) => [key, changed.get(one.name)?.(one) ?? one] as const,
  );
  return { ...population, classes: new Map(classes) };
}

/** Members of a subject with a known number of guests: every class in it, without `others`. */
export function countedClasses(population: Population, subject: Subject): readonly string[] {
  return population.membersOf(subjectKey(subject)).filter((key) => population.classes.has(key));
}
