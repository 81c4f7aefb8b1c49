import { invariant } from '../support/invariant.js';

/** A positional argument as a command's `usage` declares it. */
export interface Positional {
  readonly name: string;
  readonly required: boolean;
  /** Takes all that follow. */
  readonly list: boolean;
}

/** The positionals in `check <files..>`, in order. */
export function positionalsOf(usage: string): Positional[] {
  return usage.split(' ').slice(1).map(positionalOf);
}

function positionalOf(word: string): Positional {
  const match = /^([<[])([\w-]+)(\.\.)?[>\]]$/.exec(word);
  invariant(match?.[2], `no positional: ${word}`);
  return { name: match[2], required: match[1] === '<', list: match[3] !== undefined };
}
