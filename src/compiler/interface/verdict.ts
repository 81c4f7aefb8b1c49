import type { TestPoint } from './demand.js';

/** Whether a supply is enough. */
export type Verdict =
  /** In every window: the points prove it. */
  | { readonly kind: 'met'; readonly points: readonly TestPoint[] }
  /** In a window of this length too little is supplied; null: in the long run. */
  | { readonly kind: 'unmet'; readonly point: TestPoint | null }
  /** The rate is so close to what is needed in the long run that a test would take too long. */
  | { readonly kind: 'undecided' };
