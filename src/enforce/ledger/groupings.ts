/** What the rows of a ledger can be grouped by. */
export const GROUPINGS = ['class', 'user', 'day', 'guest', 'mode'] as const;
export type Grouping = (typeof GROUPINGS)[number];
