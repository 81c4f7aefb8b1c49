import type { Place, Sentence } from '../../lang/model.js';

/** A place in the policy that decides an answer, and how. */
export interface Reason {
  readonly place: Place;
  /** What it does, to be read beside its text: "limits it to 2 cores". */
  readonly role: string;
}

/** Each place once, file by file in the order of the text. */
export function distinctReasons(reasons: readonly Reason[]): readonly Reason[] {
  const byPlace = new Map<string, Reason>();
  for (const reason of reasons) {
    const { file, range } = reason.place;
    const key = `${file}:${range.start.offset}:${reason.role}`;
    if (!byPlace.has(key)) byPlace.set(key, reason);
  }
  return [...byPlace.values()].sort(inOrder);
}

function inOrder({ place: a }: Reason, { place: b }: Reason): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.range.start.offset - b.range.start.offset;
}

export const reasonOf = ({ place }: Sentence, role: string): Reason => ({ place, role });
