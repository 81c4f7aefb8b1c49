import type { Finding } from './status.js';

/** A finding as the stages make it; the store adds since when. */
export type FindingDraft = Omit<Finding, 'sinceMs'>;

const findingKey = (finding: FindingDraft): string =>
  `${finding.code} ${finding.subject ?? ''} ${finding.message}`;

export interface FindingChanges {
  readonly current: readonly Finding[];
  readonly appeared: readonly Finding[];
  readonly gone: readonly Finding[];
}

/** What is wrong now against what was wrong before: findings last as long as their cause does. Pure. */
export function updateFindings(
  previous: readonly Finding[],
  drafts: readonly FindingDraft[],
  nowMs: number,
): FindingChanges {
  const before = new Map(previous.map((finding) => [findingKey(finding), finding]));
  const current = new Map<string, Finding>();
  for (const draft of drafts) {
    const key = findingKey(draft);
    if (!current.has(key)) current.set(key, before.get(key) ?? { ...draft, sinceMs: nowMs });
  }
  return {
    current: [...current.values()],
    appeared: [...current].filter(([key]) => !before.has(key)).map(([, finding]) => finding),
    gone: [...before].filter(([key]) => !current.has(key)).map(([, finding]) => finding),
  };
}
