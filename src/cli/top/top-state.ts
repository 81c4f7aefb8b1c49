import type { EnforcerEvent, ForecastAnswer, Status } from '../../api/client.js';

/** Of the orders of guests, the next when `s` is pressed. */
export const SORT_ORDERS = ['policy', 'worst', 'cpu', 'name'] as const;
export type SortOrder = (typeof SORT_ORDERS)[number];

/** All that a frame shows: it is a pure function of this and of the size of the terminal. */
export interface TopState {
  /** Null: none has come yet. */
  readonly status: Status | null;
  /** The signal of the sparkline: what it was, one value a second, the newest last, and what it will be. */
  readonly history: readonly (number | null)[];
  readonly forecast: ForecastAnswer | null;
  /** The newest last. */
  readonly events: readonly EnforcerEvent[];
  /** Why the daemon does not answer, and since when; null: it does. */
  readonly lost: { readonly message: string; readonly sinceMs: number } | null;
  readonly nowMs: number;
  readonly order: SortOrder;
  /** Rows of the list of guests that are out of sight above. */
  readonly scroll: number;
  readonly help: boolean;
}

export const EMPTY_STATE: TopState = {
  status: null,
  history: [],
  forecast: null,
  events: [],
  lost: null,
  nowMs: 0,
  order: 'policy',
  scroll: 0,
  help: false,
};

export type Key =
  | 'quit'
  | 'sort'
  | 'help'
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'home'
  | 'end'
  | 'suspend'
  | 'redraw';

/** What a key changes of what is shown; `page` rows are in sight, and `rows` there are. */
export function pressed(state: TopState, key: Key, { page, rows }: { page: number; rows: number }): TopState {
  const scrolled = (by: number): TopState => ({
    ...state,
    scroll: Math.min(Math.max(0, state.scroll + by), Math.max(0, rows - page)),
  });
  // Whatever is pressed puts the help away.
  if (state.help) return { ...state, help: false };
  switch (key) {
    case 'sort': {
      const at = SORT_ORDERS.indexOf(state.order);
      return { ...state, order: SORT_ORDERS[(at + 1) % SORT_ORDERS.length] ?? 'policy', scroll: 0 };
    }
    case 'help':
      return { ...state, help: true };
    case 'up':
      return scrolled(-1);
    case 'down':
      return scrolled(1);
    case 'page-up':
      return scrolled(-page);
    case 'page-down':
      return scrolled(page);
    case 'home':
      return scrolled(-rows);
    case 'end':
      return scrolled(rows);
    case 'quit':
    case 'suspend':
    case 'redraw':
      return state;
  }
}
