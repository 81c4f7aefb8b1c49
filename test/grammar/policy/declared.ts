import type { Random } from '../random.js';

export type PushedType = 'number' | '%' | 'time' | 'size' | 'rate' | 'C';

export interface DeclaredClass {
  readonly name: string;
  /** Guests at a time. */
  readonly capacity: number;
  readonly vcpus: number;
  readonly hasTasks: boolean;
}

/** What a policy has declared so far. Names are as the text writes them, strings with their quotes. */
export interface Declared {
  readonly cores: number;
  readonly classes: DeclaredClass[];
  /** Each with the classes in it. */
  readonly unions: { readonly name: string; readonly members: readonly string[] }[];
  readonly switches: string[];
  readonly signals: { readonly name: string; readonly type: PushedType }[];
  /** `let`s of calendars, which `except` takes. */
  readonly calendars: string[];
  readonly conditions: string[];
  /** Subjects of the budgets. */
  readonly budgets: string[];
  readonly used: Set<string>;
}

export interface Writing {
  readonly random: Random;
  readonly declared: Declared;
}

/** Words that mean something elsewhere, beginnings of reserved words, and plain ones. */
const BARE = (
  'video build batch lent office busy rush night a b x-1 mon-x mon-friday cores core at given expect vms unknown spent day ' +
  'duty share-2 limits to of by every within memory cpu disk running its tasks number up C s ms h B owner-2 Guests a_b'
).split(' ');
const QUOTED = [
  'my vm',
  'guests',
  'owner',
  'mon-fri',
  'a\\"b',
  'back\\\\slash',
  'für',
  '2',
  'when',
  '',
  '#x',
  '{',
];

/** A name that the policy does not have yet. */
export function freshName({ random, declared }: Writing): string {
  for (let attempt = 0; ; attempt++) {
    const plain = random.chance(0.85) ? random.pick(BARE) : null;
    const text = (plain ?? random.pick(QUOTED)) + (attempt < 20 ? '' : `-${attempt}`);
    if (text === '' || declared.used.has(text)) continue;
    declared.used.add(text);
    return plain === null || random.chance(0.05) ? `"${text}"` : text;
  }
}

/** A class or a union. */
export function someClassOrUnion({ random, declared }: Writing): string {
  const names = [...declared.classes.map(({ name }) => name), ...declared.unions.map(({ name }) => name)];
  return random.pick(names);
}

export function someSubject(writing: Writing): string {
  const { random } = writing;
  if (random.chance(0.8)) return someClassOrUnion(writing);
  return random.chance(0.7) ? 'guests' : 'others';
}
