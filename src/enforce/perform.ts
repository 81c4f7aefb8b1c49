import type { Action, Host } from './host.js';
import type { Attempt } from './refusals.js';

/** Performs the actions in order. What one of them does wrong, even throwing, never keeps the others from being done. */
export async function perform(host: Host, actions: readonly Action[]): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const action of actions) {
    try {
      attempts.push({ action, outcome: await host.act(action) });
    } catch (error) {
      const message = `${action.kind} failed unexpectedly: ${error instanceof Error ? error.message : String(error)}`;
      attempts.push({ action, outcome: { ok: false, code: 'EIO', message, retry: false } });
    }
  }
  return attempts;
}
