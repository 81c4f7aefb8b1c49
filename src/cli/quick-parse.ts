import type { AnyCommand, OptionSpec } from './command.js';
import { GLOBAL_OPTIONS, type GlobalArguments } from './global-options.js';
import { positionalsOf } from './positionals.js';

type Value = string | boolean | string[] | undefined;
type Options = Readonly<Record<string, OptionSpec>>;

/**
 * The arguments of a plain command line (its words behind the command's name), as yargs would give them; null for
 * everything else: help, mistakes, numbers, repeated options, `--`. yargs takes 10 ms to start and is asked then;
 * test/cli/quick-parse.test.ts holds the two against each other.
 */
export function quickParse(words: readonly string[], command: AnyCommand): GlobalArguments | null {
  const options: Options = { ...GLOBAL_OPTIONS, ...command.options };
  const given = new Map<string, Value>();
  const rest: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (!word.startsWith('-') || word === '-') {
      rest.push(word);
      continue;
    }
    const [name, attached] = optionOf(word, options);
    const spec = name === null ? undefined : options[name];
    if (name === null || !spec || spec.type === 'number') return null;
    if (given.has(name) && !spec.repeatable) return null;
    const value =
      spec.type === 'boolean' ? (attached === null ? true : null) : (attached ?? words[++i] ?? null);
    if (value === null || !isAllowed(value, spec.choices) || (attached === null && isOption(value)))
      return null;
    const others = given.get(name);
    given.set(name, spec.repeatable ? [...(Array.isArray(others) ? others : []), String(value)] : value);
  }
  return assignPositionals(rest, command, given) ? withDefaults(given, options) : null;
}

/** The option's name and what is attached to it by `=`; null for no option. */
function optionOf(word: string, options: Options): [name: string | null, attached: string | null] {
  const [head = '', ...tail] = word.split('=');
  const attached = tail.length > 0 ? tail.join('=') : null;
  if (head.startsWith('--')) return [Object.hasOwn(options, head.slice(2)) ? head.slice(2) : null, attached];
  const found = Object.keys(options).find((name) => `-${options[name]?.alias}` === word);
  return [found ?? null, null];
}

const isOption = (value: Value): boolean =>
  typeof value === 'string' && (value === '' || value.startsWith('-'));

const isAllowed = (value: Value, choices: readonly string[] | undefined): boolean =>
  choices === undefined || (typeof value === 'string' && choices.includes(value));

function assignPositionals(
  words: string[],
  { usage, positionals }: AnyCommand,
  into: Map<string, Value>,
): boolean {
  const rest = [...words];
  for (const { name, required, list } of positionalsOf(usage)) {
    const value = list ? rest.splice(0) : rest.shift();
    const taken = list ? (value as string[]) : value === undefined ? [] : [value as string];
    if (required && taken.length === 0) return false;
    if (!taken.every((each) => each !== '' && isAllowed(each, positionals[name]?.choices))) return false;
    into.set(name, value);
  }
  return rest.length === 0;
}

function withDefaults(given: ReadonlyMap<string, Value>, options: Options): GlobalArguments {
  const defaults = Object.entries(options).map(([name, spec]) => [name, spec.repeatable ? [] : spec.default]);
  return { ...Object.fromEntries(defaults), ...Object.fromEntries(given) } as GlobalArguments;
}
