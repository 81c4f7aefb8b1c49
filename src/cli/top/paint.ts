import type { Colors } from '../colors.js';
import type { Glyphs } from './glyphs.js';

/** How a frame looks: its size, and what its terminal can show. */
export interface Look {
  readonly columns: number;
  /** Null: as many as it takes (a frame that is printed once). */
  readonly rows: number | null;
  readonly colors: Colors;
  readonly glyphs: Glyphs;
}
