/** What the sensors need to know of a guest. */
export interface SensedGuest {
  /** Names this process for ever (`PID-STARTTIME`). */
  readonly key: string;
  readonly pid: number;
  /**
   * Its class as it stands before the point in signals (`batch`, `"my vm"`): null or absent among `others`.
   */
  readonly class?: string | null;
}
