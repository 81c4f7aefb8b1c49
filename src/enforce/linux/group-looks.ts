import type { GroupPath, ObservedGroup } from '../host.js';

/** Whether a group is of one guest, which has not run since it was last looked at: what is set on it has had no effect meanwhile. */
export type GroupRests = (path: GroupPath) => boolean;

/** Looks at groups again and again, at those that rest only when they are new. */
export class GroupLooks {
  /** As they were when last looked at, by their directories. */
  #seen = new Map<string, ObservedGroup>();

  look(
    all: readonly (readonly string[])[],
    rests: GroupRests,
    observe: (directories: readonly string[]) => ObservedGroup,
  ): readonly ObservedGroup[] {
    const seen = new Map<string, ObservedGroup>();
    for (const directories of all) {
      const name = directories.join('/');
      const before = this.#seen.get(name);
      seen.set(name, before && rests(before.path) ? before : observe(directories));
    }
    this.#seen = seen;
    return [...seen.values()];
  }
}
