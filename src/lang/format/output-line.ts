/**
 * A line of the result before comments are aligned. One with a comment alone has no code, an empty one
 * neither.
 */
export interface OutputLine {
  readonly indent: number;
  readonly code: string;
  comment: string | null;
}

export const EMPTY_LINE: OutputLine = Object.freeze({ indent: 0, code: '', comment: null });
