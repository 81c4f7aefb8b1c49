import type { Stage } from './stage.js';

/** What owner and guests of each class had so far, and how long guests were let run and held. ns. */
export interface Snapshot {
  readonly atNs: number;
  readonly ownerNs: number;
  readonly classNs: readonly number[];
  readonly allowedNs: readonly number[];
  readonly stoppedNs: readonly number[];
}

export function snapshotOf(stage: Stage, classes: number): Snapshot {
  const { host } = stage;
  const all = Array.from({ length: classes }, (_, at) => stage.guestsOf(at));
  const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
  return {
    atNs: host.kernel.nowNs,
    ownerNs: host.ownerCpuNs,
    classNs: all.map((guests) => sum(guests.flatMap(({ tasks }) => tasks.map(({ cpuNs }) => cpuNs)))),
    allowedNs: all.map((guests) => sum(guests.map(({ allowedNs }) => allowedNs))),
    stoppedNs: all.map((guests) => sum(guests.map(({ stoppedNs }) => stoppedNs))),
  };
}
