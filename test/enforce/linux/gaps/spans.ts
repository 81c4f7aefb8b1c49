import { larger, smaller } from '../../../../src/compiler/exact.js';

/** A stretch of monotonic time, ns. */
export interface Span {
  readonly fromNs: bigint;
  readonly untilNs: bigint;
}

/** Of a line such as "gap 10 20". */
export function parseSpan(line: string): Span {
  const [, from, until] = line.split(' ');
  if (from === undefined || until === undefined) throw new Error(`no span: ${line}`);
  return { fromNs: BigInt(from), untilNs: BigInt(until) };
}

/** How much of a span others, which do not overlap, take up. */
export function sharedNs(span: Span, others: readonly Span[]): bigint {
  let sum = 0n;
  for (const { fromNs, untilNs } of others) {
    const from = larger(fromNs, span.fromNs);
    const until = smaller(untilNs, span.untilNs);
    sum += larger(until - from, 0n);
  }
  return sum;
}

/** A gap, and how much of it the core did not run at all. */
export interface Gap {
  readonly lengthNs: bigint;
  readonly stolenNs: bigint;
}

/** The gap that is longest without what was stolen; of no length where there are none. */
export function longestGap(gaps: readonly Span[], stolen: readonly Span[]): Gap {
  let longest: Gap = { lengthNs: 0n, stolenNs: 0n };
  for (const span of gaps) {
    const gap = { lengthNs: span.untilNs - span.fromNs, stolenNs: sharedNs(span, stolen) };
    if (gap.lengthNs - gap.stolenNs > longest.lengthNs - longest.stolenNs) longest = gap;
  }
  return longest;
}
