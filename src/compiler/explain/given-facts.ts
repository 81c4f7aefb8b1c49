import type { Diagnostic, RelatedPlace } from '../../lang/diagnostic.js';
import {
  type AnalyseOptions,
  analyse,
  type Model,
  type PolicyTest,
  type Range,
  type Source,
} from '../../lang/index.js';

/** An argument of a command line that says something of the world: `--at TIME`, or `--given FACT`. */
interface Argument {
  /** What a message calls it; it is its file name as well. */
  readonly name: string;
  readonly keyword: 'at' | 'given';
  readonly text: string;
}

/** A time and facts, as arguments of a command line have them. */
export interface GivenArguments {
  /** As behind `at` in a test: "2026-11-23 10:00". */
  readonly at: string | null;
  /** Each as behind `given` in a test: "owner.demand = 80%". */
  readonly given: readonly string[];
}

export type GivenFacts =
  | { readonly kind: 'test'; readonly test: PolicyTest; readonly model: Model }
  /** What is wrong, in `sources`, which are the arguments. */
  | {
      readonly kind: 'wrong';
      readonly diagnostics: readonly Diagnostic[];
      readonly sources: readonly Source[];
    }
  /** An argument that is more than one fact. */
  | { readonly kind: 'not-a-fact'; readonly name: string; readonly text: string };

/**
 * Reads arguments as the language reads a test of the policy: with its names, units and mistakes. `policy`
 * has no errors, and `model` is what it says.
 */
export function readGivenFacts(
  { at, given }: GivenArguments,
  policy: Source,
  model: Model,
  options: AnalyseOptions,
): GivenFacts {
  const args: readonly Argument[] = [
    ...(at === null ? [] : [{ name: '--at', keyword: 'at' as const, text: at }]),
    ...given.map((text, index) => ({
      name: given.length === 1 ? '--given' : `--given (${index + 1})`,
      keyword: 'given' as const,
      text,
    })),
  ];
  const { text, starts } = withTest(policy, model, args);
  const analysis = analyse({ file: policy.file, text }, options);
  if (analysis.model !== null) return factsOf(analysis.model, model, args);
  const errors = analysis.diagnostics
    .filter(({ severity }) => severity === 'error')
    .map((one) => inArguments(one, policy.file, args, starts));
  // What is wrong outside the arguments is wrong because one of them ends the test.
  if (!errors.every((one) => args.some(({ name }) => name === one.file))) return notAFact(args);
  return {
    kind: 'wrong',
    diagnostics: errors,
    sources: args.map((one) => ({ file: one.name, text: one.text })),
  };
}

/** The policy with one more test, and where the arguments' own texts start in that. */
function withTest(
  policy: Source,
  { tests }: Model,
  args: readonly Argument[],
): { readonly text: string; readonly starts: readonly number[] } {
  const titles = new Set(tests.map(({ title }) => title));
  let title = 'given';
  while (titles.has(title)) title += ' ';
  let text = `${policy.text}\ntest ${JSON.stringify(title)} {\n`;
  const starts: number[] = [];
  for (const one of args) {
    text += `${one.keyword} `;
    starts.push(text.length);
    text += `${one.text}\n`;
  }
  return { text: `${text}expect guests at most 100% of cpu\n}\n`, starts };
}

/** What ends the test and goes on behind it is no fact. */
function factsOf(after: Model, before: Model, args: readonly Argument[]): GivenFacts {
  const test = after.tests.at(-1);
  const isSame =
    after.tests.length === before.tests.length + 1 &&
    after.sentences.length === before.sentences.length &&
    sizeOf(after) === sizeOf(before);
  if (test && isSame && test.expectations.length === 1) return { kind: 'test', test, model: after };
  return notAFact(args);
}

function notAFact(args: readonly Argument[]): GivenFacts {
  const suspect = args.find(({ text }) => /[{}]|\bexpect\b/.test(text)) ?? args[0];
  return { kind: 'not-a-fact', name: suspect?.name ?? '', text: suspect?.text ?? '' };
}

const sizeOf = ({ classes, unions, ignores, switches, signals, conditions }: Model): number =>
  [classes, unions, ignores, switches, signals, conditions].reduce((sum, { length }) => sum + length, 0);

/** A diagnostic of the test as one of the argument that it is about. */
function inArguments(
  diagnostic: Diagnostic,
  file: string,
  args: readonly Argument[],
  starts: readonly number[],
): Diagnostic {
  const moved = <P extends { readonly file: string; readonly range: Range }>(place: P): P => {
    const index = starts.findLastIndex((start) => start <= place.range.end.offset);
    const argument = args[index];
    if (place.file !== file || argument === undefined) return place;
    const { start, end } = place.range;
    const at = (offset: number) => positionIn(argument.text, offset - (starts[index] ?? 0));
    return { ...place, file: argument.name, range: { start: at(start.offset), end: at(end.offset) } };
  };
  const { fix: _, ...rest } = diagnostic;
  const fits = (place: RelatedPlace): boolean =>
    place.file !== file || place.range.end.offset >= (starts[0] ?? 0);
  return { ...moved(rest), related: diagnostic.related.map((place) => (fits(place) ? moved(place) : place)) };
}

function positionIn(text: string, offset: number): Range['start'] {
  const within = Math.min(Math.max(offset, 0), text.length);
  const before = text.slice(0, within).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1, offset: within };
}
