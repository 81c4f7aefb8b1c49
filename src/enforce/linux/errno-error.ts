import { errnoName } from './syscalls.js';

/** An error with `code`, as Node's own file-system errors have; `result` is -errno. */
export function errnoError(result: number, doing: string): NodeJS.ErrnoException {
  const code = errnoName(result);
  return Object.assign(new Error(`${code}: ${doing}`), { code, errno: result });
}
