/** Why a promise was missed, in words for its owner. The keys are in the ledger and in its JSON: stable. */
export const MISS_CAUSES = {
  'stopped-by-user': 'its user had stopped it',
  idle: 'the guest did not want it',
  settling: 'a change of mode was settling',
  refused: 'the host refused what keeps it (a finding said so)',
  'no-room': 'reservations of others had not made room yet (a finding said so)',
  'no-vcpu-threads': 'which threads are its vCPUs was not known (a finding said so)',
  'in-terminal': 'it runs in a terminal, and cannot be stopped (a finding said so)',
  'not-in-force': 'what keeps it was not in force yet',
  'not-measured': 'whether it wanted it is not measured on this host',
  'limit-used-up': 'a limit on all who share was used up, and weights divide processors, not limits',
  unexplained: 'for no cause that is known',
} as const;

export type MissCause = keyof typeof MISS_CAUSES;

/** Causes that lie with the guest or its user: the promise was kept. */
export const BY_THE_GUEST: ReadonlySet<MissCause> = new Set(['stopped-by-user', 'idle']);
