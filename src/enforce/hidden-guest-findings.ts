import type { FindingDraft } from './findings.js';
import type { Observation } from './host.js';

/** Most pids that a finding names: more help nobody. */
const MOST_NAMED = 5;

/** Guests that the daemon's user is not allowed to recognise: a limit on guests does not hold for them. Pure. */
export function hiddenGuestFindings({
  hiddenGuests: pids = [],
}: Pick<Observation, 'hiddenGuests'>): readonly FindingDraft[] {
  if (pids.length === 0) return [];
  const more = pids.length > MOST_NAMED ? ', …' : '';
  return [
    {
      code: 'hidden-guests',
      severity: 'warning',
      subject: null,
      message:
        `${pids.length} of other users' processes call themselves QEMU (pid ${pids.slice(0, MOST_NAMED).join(', ')}${more}), ` +
        "and the daemon's user may not see whether they are: grant CAP_SYS_PTRACE (`vmc doctor` says how)",
      fallback: 'they are left alone: no sentence of the policy holds for them',
    },
  ];
}
