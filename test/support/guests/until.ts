import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until the answer is truthy; throws after `timeoutMs`. For what another process will
 * do.
 */
export async function until<T>(
  ask: () => T | Promise<T>,
  timeoutMs = 20_000,
): Promise<Exclude<T, false | null | undefined>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask();
    if (answer) return answer as Exclude<T, false | null | undefined>;
    if (Date.now() > deadline) throw new Error(`did not come true in ${timeoutMs} ms: ${ask}`);
    await delay(5);
  }
}
