import type { IToken } from 'chevrotain';
import { accepts } from './accepts.js';
import { condition } from './condition-forms.js';
import type { Form, Terminal } from './form.js';

/** A place in a form: in front of a token, or a joint without one. */
type Node =
  | { readonly kind: 'token'; readonly terminal: Terminal; readonly next: Node }
  | { readonly kind: 'fork'; readonly branches: Node[] }
  | { readonly kind: 'call'; readonly next: Node }
  | { readonly kind: 'end' };

/** Where reading goes on behind a condition in parentheses. */
interface Frame {
  readonly next: Node;
  readonly outer: Frame | null;
}

/** What the tokens so far were taken for, last first. */
interface Trail {
  readonly terminal: Terminal;
  readonly before: Trail | null;
}

/** One way to read the tokens so far: in front of a token or at the end. */
interface Reading {
  readonly node: Extract<Node, { kind: 'token' | 'end' }>;
  readonly frame: Frame | null;
  readonly trail: Trail | null;
}

/** All ways to read the tokens so far, the likeliest first; none when they fit no form. */
export type Readings = readonly Reading[];

/** More ways than any sentence of the language has at a time. */
const MOST_READINGS = 64;

const END: Node = { kind: 'end' };

/** A form, ready to read tokens one by one. */
export function startOf(form: Form): Readings {
  return settle([[build(form, END), null, null]]);
}

/** The readings that go on with `token`; with `strict` unset also those where a unit is of the wrong dimension. */
export function step(readings: Readings, token: IToken, strict: boolean): Readings {
  const taken: Unsettled[] = [];
  for (const { node, frame, trail } of readings) {
    if (node.kind === 'token' && accepts(node.terminal, token, strict)) {
      taken.push([node.next, frame, { terminal: node.terminal, before: trail }]);
    }
  }
  return taken.length === 0 ? NONE : settle(taken);
}

const NONE: Readings = [];

/** What may come next. */
export function expected(readings: Readings): readonly Terminal[] {
  const terminals = readings.flatMap(({ node }) => (node.kind === 'token' ? [node.terminal] : []));
  return [...new Set(terminals)];
}

/** What may come when `terminal` has. */
export function behind(readings: Readings, terminal: Terminal): Readings {
  const taken = readings.flatMap(({ node, frame, trail }): Unsettled[] =>
    node.kind === 'token' && node.terminal === terminal ? [[node.next, frame, trail]] : [],
  );
  return settle(taken);
}

/** Whether the tokens so far are whole. */
export const isWhole = (readings: Readings): boolean => readings.some(({ node }) => node.kind === 'end');

/** What the tokens so far are, in their order, in the likeliest reading (a whole one, where there is one). */
export function terminalsOf(readings: Readings): readonly Terminal[] {
  const best = readings.find(({ node }) => node.kind === 'end') ?? readings[0];
  const terminals: Terminal[] = [];
  for (let trail = best?.trail ?? null; trail !== null; trail = trail.before) terminals.push(trail.terminal);
  return terminals.reverse();
}

type Unsettled = readonly [node: Node, frame: Frame | null, trail: Trail | null];

/** Follows joints until each reading stands in front of a token or at the end. */
function settle(unsettled: readonly Unsettled[]): Readings {
  const readings: Reading[] = [];
  const keep = (reading: Reading): void => {
    const isKnown = readings.some(({ node, frame }) => node === reading.node && frame === reading.frame);
    if (!isKnown && readings.length < MOST_READINGS) readings.push(reading);
  };
  const visit = (node: Node, frame: Frame | null, trail: Trail | null): void => {
    if (node.kind === 'fork') for (const branch of node.branches) visit(branch, frame, trail);
    else if (node.kind === 'call') visit(conditionStart(), { next: node.next, outer: frame }, trail);
    else if (node.kind === 'end' && frame !== null) visit(frame.next, frame.outer, trail);
    else keep({ node, frame, trail });
  };
  for (const [node, frame, trail] of unsettled) visit(node, frame, trail);
  return readings;
}

let conditionNode: Node | null = null;

function conditionStart(): Node {
  conditionNode ??= build(condition, END);
  return conditionNode;
}

function build(form: Form, next: Node): Node {
  switch (form.kind) {
    case 'token':
      return { kind: 'token', terminal: form.terminal, next };
    case 'sequence':
      return form.parts.reduceRight((rest, part) => build(part, rest), next);
    case 'choice':
      return { kind: 'fork', branches: form.parts.map((part) => build(part, next)) };
    case 'optional':
      return { kind: 'fork', branches: [build(form.part, next), next] };
    case 'repeated': {
      const loop: Node = { kind: 'fork', branches: [] };
      loop.branches.push(build(form.part, loop), next);
      return loop;
    }
    case 'condition':
      return { kind: 'call', next };
  }
}
