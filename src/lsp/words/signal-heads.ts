/** What signals with fixed names begin with. */
export const SIGNAL_HEADS = ['host', 'owner', 'user', 'guests', 'others'] as const;
