/** A span that may be moved: see {@link spansIn}. */
export interface MovableSpan {
  start: number;
  end: number;
}

/** The spans of a node and of all nodes in it, each once: to move them where they are. */
export function spansIn(node: unknown): readonly MovableSpan[] {
  const spans = new Set<MovableSpan>();
  collect(node, spans);
  return [...spans];
}

function collect(node: unknown, into: Set<MovableSpan>): void {
  if (typeof node !== 'object' || node === null) return;
  if (isSpan(node)) into.add(node);
  else for (const value of Object.values(node)) collect(value, into);
}

/** A window has its clocks under the same names, as texts. */
export function isSpan(value: unknown): value is MovableSpan {
  return (
    typeof value === 'object' &&
    value !== null &&
    'start' in value &&
    typeof value.start === 'number' &&
    'end' in value &&
    typeof value.end === 'number'
  );
}
