import type { Circumstances } from './circumstances.js';

/**
 * A function of circumstances and of what is asked (`keyOf`) that looks for its answer once for the same
 * object: many subjects are asked about in the same circumstances, and much of what decides their answers is
 * the same for all.
 */
export function foundOnce<Asked extends readonly unknown[], Answer>(
  find: (circumstances: Circumstances, ...asked: Asked) => Answer,
  keyOf: (...asked: Asked) => string,
): (circumstances: Circumstances, ...asked: Asked) => Answer {
  const known = new WeakMap<Circumstances, Map<string, Answer>>();
  return (circumstances, ...asked) => {
    const answers = known.get(circumstances) ?? new Map<string, Answer>();
    known.set(circumstances, answers);
    const key = keyOf(...asked);
    const answer = answers.get(key) ?? find(circumstances, ...asked);
    answers.set(key, answer);
    return answer;
  };
}
