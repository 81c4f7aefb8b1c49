import { wrap } from '../../compiler/render/render-text.js';
import { visible } from '../../support/terminal-text.js';

/** Lines of an answer for people, and how they are painted. */
export interface Line {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** A text broken into lines at blanks: the first begins with `first`, the others with `next`. */
export const paragraph = (
  text: string,
  width: number,
  first = '',
  next = first,
  paint?: Line['paint'],
): readonly Line[] => wrap(text, width, first, next).map((line) => ({ text: line, ...(paint && { paint }) }));

/**
 * The text of sections, an empty line between two of them. Nothing in it is for the terminal but the paint.
 */
export function joinSections(sections: readonly (readonly Line[])[]): string {
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(({ text, paint }) => (paint ? paint(visible(text)) : visible(text))).join('\n'))
    .join('\n\n');
}
