/** What the command line of `npm run bench` says besides the names of benchmarks. */
export interface BenchOptions {
  /** How long those run that can be told (`--minutes N`); null: as long as each does by itself. */
  readonly minutes: number | null;
  /** Recorded series that forecasts are scored on (`--traces FOLDER`), and R's scores of them (`--r-scores FOLDER`); null: those of test/rps/fixtures. */
  readonly traces: string | null;
  readonly rScores: string | null;
  /** Of running times: how many probes, a part of the whole such as `heavy-outside`, and the file of results. */
  readonly probes: number | null;
  readonly part: string | null;
  readonly results: string | null;
}
