import type { Context, Runnable, Suite } from 'mocha';

/**
 * Skips the test (from a `before`: its suite), and leaves the reason where the report at the end of `npm test` finds it.
 * In CI a skipped test is a failure.
 */
export function skipBecause(context: Context, reason: string): never {
  const runnable = context.runnable() as Runnable & { type: string };
  const owner: (Runnable | Suite) & { skipReason?: string } =
    runnable.type === 'hook' ? (runnable.parent ?? runnable) : runnable;
  owner.skipReason = reason;
  return context.skip();
}
