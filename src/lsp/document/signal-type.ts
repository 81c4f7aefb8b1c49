import type { IToken } from 'chevrotain';
import { CLASS_SIGNALS, PUSHED_TYPES, SIGNALS, type SignalType } from '../../lang/signals.js';
import { declarationsNamed, type Project } from './declarations.js';
import { unquoted } from './names.js';

/** The words of the dotted name that ends with token `last`: `['owner', 'demand']`; names without their quotes. */
export function dottedName(tokens: readonly IToken[], last: number): readonly string[] {
  const path: string[] = [];
  for (let at = last; at >= 0; at -= 2) {
    const token = tokens[at];
    if (token !== undefined) path.unshift(unquoted(token));
    if (tokens[at - 1]?.image !== '.') break;
  }
  return path;
}

/** What a signal measures; null for what is none. `isQuoted`: its first word was a string, so no built-in one. */
export function signalTypeOf(
  path: readonly string[],
  isQuoted: boolean,
  project: Project,
): SignalType | null {
  const name = path.join('.');
  const fixed = isQuoted ? undefined : SIGNALS.get(name);
  if (fixed !== undefined) return fixed;
  const [head = '', ...rest] = path;
  const declared = declarationsNamed(project, head)[0];
  if (declared === undefined) return null;
  const { declares, sentence } = declared.use;
  if (declares === 'class' || declares === 'union') return CLASS_SIGNALS.get(rest.join('.')) ?? null;
  if (rest.length > 0) return null;
  if (declares === 'condition' || declares === 'switch') return 'boolean';
  const { tokens, sentences } = declared.text.reading;
  const type = tokens[(sentences[sentence]?.end ?? 0) - 1]?.image ?? '';
  return declares === 'signal' ? (PUSHED_TYPES.get(type) ?? null) : null;
}

const OPERATORS: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '=']);

/** What the last signal that something is compared with in these tokens measures; null where nobody knows. */
export function comparedType(tokens: readonly IToken[], project: Project): SignalType | null {
  for (let at = tokens.length - 1; at > 0; at--) {
    const isCompared = OPERATORS.has(tokens[at]?.image ?? '') && tokens[at - 1]?.image !== 'until';
    if (isCompared) return typeEndingAt(tokens, at - 1, project);
  }
  return null;
}

/** Of the signal, or of the one in the forecast, that ends with token `last`. */
export function typeEndingAt(tokens: readonly IToken[], last: number, project: Project): SignalType | null {
  const end = tokens[last]?.image === ')' ? signalOfForecast(tokens, last) : last;
  const path = dottedName(tokens, end);
  const first = tokens[end - 2 * (path.length - 1)];
  return signalTypeOf(path, first?.image.startsWith('"') ?? false, project);
}

function signalOfForecast(tokens: readonly IToken[], closing: number): number {
  let at = closing;
  while (at > 0 && tokens[at]?.image !== 'over') at--;
  return at - 1;
}
