import { lockOfHost, requireFree } from '../enforce/linux/daemon-lock.js';

const INTERVAL_MS = 1000;

/**
 * Root's daemon governs the guests of all users: one of a user gives way to it, within a second, rather than stop and
 * continue the same guests by another policy. Calls `yieldTo` once, with the reason. Returns what ends it.
 */
export function yieldToHostDaemon(
  yieldTo: (reason: string) => void,
  lock: string = lockOfHost(),
  uid: number = process.getuid?.() ?? 0,
): () => void {
  if (uid === 0) return () => {};
  const timer = setInterval(() => {
    try {
      requireFree(lock);
    } catch (error) {
      clearInterval(timer);
      yieldTo((error as Error).message);
    }
  }, INTERVAL_MS).unref();
  return () => clearInterval(timer);
}
