/** What a database of the daemon's is for: it names its file, its lock and its findings. */
export interface DatabaseKind {
  readonly name: 'ledger' | 'history';
  /** `PRAGMA application_id`: tells it from any other database. */
  readonly applicationId: number;
  /**
   * Version by version: each entry brings a database of the version before it to the next. What has been released is never
   * changed, only added to. `PRAGMA user_version` says which version a file has.
   */
  readonly migrations: readonly string[];
  /** Memory for pages of the file, KiB. */
  readonly cacheKib: number;
  /** Whether a commit waits for the disk, so that it survives a loss of power; else it survives the daemon's end. */
  readonly waitsForDisk: boolean;
  /** What becomes of what is measured while it cannot be written, and once one was set aside. */
  readonly fallback: string;
  readonly afterSetAside: string;
}
