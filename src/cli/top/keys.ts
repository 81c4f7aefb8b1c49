import type { Key } from './top-state.js';

/** What keys send in raw mode: characters, and the sequences of ECMA-48 and of DEC's terminals. */
const KEYS: Readonly<Record<string, Key>> = {
  q: 'quit',
  Q: 'quit',
  '\u0003': 'quit',
  '\u0004': 'quit',
  s: 'sort',
  '?': 'help',
  h: 'help',
  '\u000c': 'redraw',
  '\u001a': 'suspend',
  k: 'up',
  j: 'down',
  ' ': 'page-down',
  g: 'home',
  G: 'end',
  '\u001b[A': 'up',
  '\u001bOA': 'up',
  '\u001b[B': 'down',
  '\u001bOB': 'down',
  '\u001b[5~': 'page-up',
  '\u001b[6~': 'page-down',
  '\u001b[H': 'home',
  '\u001b[1~': 'home',
  '\u001bOH': 'home',
  '\u001b[F': 'end',
  '\u001b[4~': 'end',
  '\u001bOF': 'end',
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: ESC starts the sequence of a key.
const SEQUENCE = /\u001b\[[0-9;]*[A-Za-z~]|\u001bO[A-Za-z]|[\s\S]/gu;

/** The keys in what a terminal sent at once; those that mean nothing are left out. */
export const keysIn = (input: string): readonly Key[] =>
  (input.match(SEQUENCE) ?? []).flatMap((sequence) => KEYS[sequence] ?? []);
