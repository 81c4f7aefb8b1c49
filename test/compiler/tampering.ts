import type { Plan } from '../../src/compiler/plan.js';
import { planChecksum } from '../../src/compiler/plan-checksum.js';

export type Path = readonly (string | number)[];

interface Places {
  /** Of all numbers, and of all fractions that are written as text. */
  readonly numbers: Path[];
  /** Of all that could be left out. */
  readonly elements: Path[];
}

const FRACTION = /^(-?\d+)(\/\d+)?$/;

/** Places in a document. */
export function placesIn(value: unknown, path: Path = []): Places {
  const found: Places = { numbers: [], elements: [] };
  if (isNumber(value)) found.numbers.push(path);
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    found.elements.push(place);
    const below = placesIn(inner, place);
    found.numbers.push(...below.numbers);
    found.elements.push(...below.elements);
  }
  return found;
}

const isNumber = (value: unknown): boolean =>
  typeof value === 'number' || (typeof value === 'string' && FRACTION.test(value));

type Node = Record<string | number, unknown>;
const nodeAt = (plan: Plan, path: Path): Node =>
  path.reduce<Node>((at, key) => at[key] as Node, plan as unknown as Node);

/** A path without its indices, settings by their mechanism: as in schedules, any, settings, any:quota, periodNs. */
export function patternOf(plan: Plan, path: Path): string {
  return path
    .map((key, index) => {
      if (typeof key === 'string') return key;
      const isSetting = path[index - 1] === 'settings' && path[0] === 'schedules';
      return isSetting ? `*:${String(nodeAt(plan, path.slice(0, index + 1))['mechanism'])}` : '*';
    })
    .join('/');
}

/** The plan without a part of it. */
export function removed(plan: Plan, path: Path): Plan {
  const copy = structuredClone(plan);
  const parent = nodeAt(copy, path.slice(0, -1));
  const key = path.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(key), 1);
  else delete parent[key];
  return copy;
}

/** The plan with an element of a list twice. */
export function repeated(plan: Plan, path: Path): Plan {
  const copy = structuredClone(plan);
  const list = nodeAt(copy, path.slice(0, -1));
  const index = Number(path.at(-1));
  if (Array.isArray(list)) list.splice(index, 0, structuredClone(list[index]));
  return copy;
}

/** The plan with another number at a place; of a fraction the numerator is changed. All else is shared with the plan. */
export function changed(plan: Plan, path: Path, change: (number: number) => number): Plan {
  const within = (value: unknown, [key, ...rest]: Path): unknown => {
    if (key === undefined) return otherNumber(value, change);
    const copy = (Array.isArray(value) ? [...value] : { ...(value as Node) }) as Node;
    copy[key] = within(copy[key], rest);
    return copy;
  };
  return within(plan, path) as Plan;
}

function otherNumber(value: unknown, change: (number: number) => number): unknown {
  if (typeof value === 'number') return change(value);
  const [, numerator, rest = ''] = FRACTION.exec(String(value)) ?? [];
  return `${change(Number(numerator))}${rest}`;
}

/** The plan with the checksum that it ought to have. */
export const resealed = (plan: Plan): Plan => ({
  ...plan,
  certificate: { ...plan.certificate, checksum: planChecksum(plan) },
});
