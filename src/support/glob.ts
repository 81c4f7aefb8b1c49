type Token =
  | { readonly kind: 'many' }
  | { readonly kind: 'one' }
  | { readonly kind: 'character'; readonly character: string }
  | { readonly kind: 'set'; readonly negated: boolean; readonly ranges: readonly CodeRange[] };

interface CodeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * Whether all of `text` matches a shell pattern: `*` any characters, `?` one, `[a-z]` one of a set and
 * `[!a-z]` (or `[^a-z]`) one outside it, `\` takes the next character as it is. `/` and a leading `.` are
 * characters like any other, a `[` without its `]` is one too; sets go by code point. Time at most |pattern|
 * × |text|, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  const tokens = tokenize([...pattern]);
  const characters = [...text];
  let [token, at] = [0, 0];
  // Only the latest `*` can need to take more: what an earlier one could have taken is then tried by this
  // one.
  let [star, starAt] = [-1, 0];
  while (at < characters.length) {
    const current = tokens[token];
    if (current?.kind === 'many') {
      [star, starAt] = [token, at];
      token += 1;
    } else if (current !== undefined && accepts(current, characters[at] ?? '')) {
      token += 1;
      at += 1;
    } else if (star >= 0) {
      starAt += 1;
      [token, at] = [star + 1, starAt];
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest.kind === 'many');
}

function accepts(token: Token, character: string): boolean {
  if (token.kind === 'character') return token.character === character;
  if (token.kind !== 'set') return true;
  const code = character.codePointAt(0) ?? 0;
  return token.ranges.some(({ from, to }) => from <= code && code <= to) !== token.negated;
}

function tokenize(pattern: readonly string[]): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at] ?? '';
    const set = character === '[' ? readSet(pattern, at) : null;
    if (set) {
      tokens.push(set.token);
      at = set.end;
    } else if (character === '\\' && at + 1 < pattern.length) {
      tokens.push({ kind: 'character', character: pattern[at + 1] ?? '' });
      at += 2;
    } else {
      tokens.push(plainToken(character));
      at += 1;
    }
  }
  return tokens;
}

function plainToken(character: string): Token {
  if (character === '*') return { kind: 'many' };
  return character === '?' ? { kind: 'one' } : { kind: 'character', character };
}

/** The set that starts at `[`, and where the pattern goes on; null when no `]` closes it. */
function readSet(pattern: readonly string[], start: number): { token: Token; end: number } | null {
  const negated = pattern[start + 1] === '!' || pattern[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  const ranges: CodeRange[] = [];
  let at = first;
  // A `]` in the first place is a member, not the end.
  while (pattern[at] !== ']' || at === first) {
    const from = member(pattern, at);
    if (from === null) return null;
    at = from.end;
    const to = pattern[at] === '-' && pattern[at + 1] !== ']' ? member(pattern, at + 1) : null;
    if (to) at = to.end;
    ranges.push({ from: from.code, to: (to ?? from).code });
  }
  return { token: { kind: 'set', negated, ranges }, end: at + 1 };
}

function member(pattern: readonly string[], at: number): { code: number; end: number } | null {
  const escaped = pattern[at] === '\\' ? 1 : 0;
  const code = pattern[at + escaped]?.codePointAt(0);
  return code === undefined ? null : { code, end: at + escaped + 1 };
}
