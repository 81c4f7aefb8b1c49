/** A place in a source text. Lines and columns count from 1, columns in UTF-16 units; offsets from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly offset: number;
}

/** Half-open: `end` is just behind the last character. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A policy as read: its name for messages (usually the path as given) and its text. */
export interface Source {
  readonly file: string;
  readonly text: string;
}
