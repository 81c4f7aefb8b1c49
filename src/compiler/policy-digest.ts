import type { Source } from '../lang/source.js';
import { sha256 } from './sha256.js';

/** Of the text; of a policy in several files, of their digests line by line. */
export function policyDigest(files: readonly Source[]): string {
  const [first = '', ...others] = files.map(({ text }) => sha256(text));
  return others.length === 0 ? first : sha256([first, ...others].join('\n'));
}
