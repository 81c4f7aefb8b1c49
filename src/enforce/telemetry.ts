/** What a host can tell of itself beside observations; null: it has no such thing. */
export interface HostTelemetry {
  /** How late the timing thread woke up, since it started. */
  readonly wakeUps: {
    readonly count: number;
    readonly meanNs: number;
    readonly p99Ns: number;
    readonly maxNs: number;
  } | null;
  /** Changes of the host that are to be undone. */
  readonly journalRecords: number | null;
}

/** What metrics and probes want to know of the enforcer, and nobody else. */
export interface Telemetry {
  readonly steps: {
    readonly count: number;
    /** Time that they took, ns: all together, and the longest. */
    readonly sumNs: number;
    readonly maxNs: number;
    /** Since the last one ended, ns; null: none has. */
    readonly ageNs: number | null;
  };
  /** Deadline bandwidth of guests as it was last seen, in cores: by core, null where they are not confined to one. */
  readonly reserved: ReadonlyMap<number | null, number>;
  /** Utilisation per core up to which it may be reserved. */
  readonly deadlineLimit: number;
  readonly host: HostTelemetry | null;
}
