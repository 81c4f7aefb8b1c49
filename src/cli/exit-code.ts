/** What a process of vmc ends with; part of the interface (docs/command-line.md). */
export const ExitCode = {
  done: 0,
  /** The policy has errors, or a test or an assertion failed. */
  policyErrors: 1,
  /** Well-formed, but no schedule keeps it on this host. */
  infeasible: 2,
  badUsage: 3,
  /** The host, a file or the daemon refused. */
  refused: 4,
  /** A defect of vmc. */
  bug: 70,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];
