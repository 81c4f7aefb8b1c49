/** Of the shared cells: [0] ends the hogs, [1 + k] is the part of the time that hog k is busy, in millionths. */
export const STOP_CELL = 0;
export const MILLION = 1_000_000;

export interface HogData {
  readonly cells: Int32Array;
  readonly hog: number;
}

/** What a hog says once it runs: its thread's name in /proc. */
export interface HogReady {
  readonly thread: string;
}
