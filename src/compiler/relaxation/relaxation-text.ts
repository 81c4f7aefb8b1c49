import { joinWords } from '../render/render-text.js';

/** What makes a policy that cannot be kept one that is accepted, as it reads. */
export interface RelaxationText {
  readonly single: readonly { readonly text: string }[];
  readonly together: readonly { readonly text: string }[];
  readonly leavesOut: boolean;
}

export const NO_RELAXATIONS = {
  single: [],
  together: [],
  leavesOut: false,
} as const satisfies RelaxationText;

/** Changes that are each enough; or that are together; or what to leave out. Null: none is known. */
export function relaxationText({ single, together, leavesOut }: RelaxationText): string | null {
  const texts = (changes: RelaxationText['single']) => changes.map(({ text }) => text);
  if (single.length > 0) return `Any one of these makes them fit: ${texts(single).join('; ')}.`;
  if (together.length === 0) return null;
  const all = joinWords(texts(together));
  if (!leavesOut) return `No single number makes them fit; together these do: ${all}.`;
  return `No numbers make them fit; what does is to leave out ${all}.`;
}
