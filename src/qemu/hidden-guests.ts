import { readProcDirectory, readProcFile, readProcLink } from './proc-files.js';

/** How QEMU's programs are called by the kernel, which keeps 15 characters. */
const QEMU_NAME = /^(?:qemu-system-|qemu-kvm$|kvm$)/;

/**
 * Processes that call themselves QEMU and whose program this user may not see (another user's, without CAP_SYS_PTRACE), by
 * pid. A name is a claim: enough to tell an owner of guests that may be left out, never to govern one.
 */
export function hiddenGuests(procRoot = '/proc'): readonly number[] {
  const pids = (readProcDirectory(procRoot) ?? []).filter((name) => /^\d+$/.test(name));
  return pids
    .filter((pid) => QEMU_NAME.test(readProcFile(`${procRoot}/${pid}/comm`)?.trimEnd() ?? ''))
    .filter((pid) => {
      const link = readProcLink(`${procRoot}/${pid}/exe`);
      return 'forbidden' in link && link.forbidden;
    })
    .map(Number)
    .sort((a, b) => a - b);
}
