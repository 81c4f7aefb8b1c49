import type { Sentence } from '../../lang/model.js';
import {
  add,
  compare,
  divide,
  formatRational,
  multiply,
  type Rational,
  ZERO,
} from '../../support/rational.js';
import { conflicts } from '../catalogue.js';
import { shownIn } from '../demand-text.js';
import type { CombineContext } from '../demands/combine-context.js';
import type { ShareDemand } from '../demands/demands.js';
import { pointAt } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import { HOST, type Nest, pathToHost } from '../nest.js';

/** Siblings whose proportions to each other are fixed. */
export interface RatioGroup {
  readonly parts: ReadonlyMap<string, Rational>;
  readonly sentences: readonly Sentence[];
}

/**
 * What `share` sentences say about siblings, by parent. Where the parts of a sentence lie in different subjects, the
 * subjects between them and their common parent get the sum of the parts in them.
 */
export function proportionsByParent(
  shares: readonly ShareDemand[],
  nest: Nest,
  situation: Situation,
  context: CombineContext,
): ReadonlyMap<string, readonly RatioGroup[]> {
  const byParent = new Map<string, RatioGroup[]>();
  for (const share of shares) {
    for (const [parent, group] of levelsOf(share, nest, context)) {
      const others = byParent.get(parent) ?? [];
      byParent.set(parent, mergeInto(others, group, situation, context));
    }
  }
  return byParent;
}

function levelsOf(
  { sentence, parts }: ShareDemand,
  nest: Nest,
  { findings }: CombineContext,
): ReadonlyMap<string, RatioGroup> {
  if (parts.length < 2) return new Map();
  const paths = parts.map(({ key, proportion }) => ({ proportion, path: pathToHost(nest, key) }));
  for (const { path } of paths) {
    const whole = paths.find(({ path: [other] }) => other !== undefined && path.indexOf(other) > 0)?.path[0];
    const part = path[0];
    if (whole !== undefined && part !== undefined) {
      findings.add(conflicts.partOfPart.at(sentence.place, { whole, part }));
      return new Map();
    }
  }
  const common = new Set(
    paths.map(({ path }) => path).reduce((shared, path) => shared.filter((key) => path.includes(key))),
  );
  const levels = new Map<string, Map<string, Rational>>();
  for (const { path, proportion } of paths) {
    for (const key of path.filter((one) => !common.has(one))) {
      const parent = nest.parentOf.get(key) ?? HOST;
      const level = levels.get(parent) ?? new Map<string, Rational>();
      levels.set(parent, level.set(key, add(level.get(key) ?? ZERO, proportion)));
    }
  }
  return new Map(
    [...levels]
      .filter(([, parts]) => parts.size > 1)
      .map(([parent, parts]) => [parent, { parts, sentences: [sentence] }]),
  );
}

/** Groups that have a subject in common become one, scaled to agree on it; if they cannot agree, it is a conflict. */
function mergeInto(
  groups: readonly RatioGroup[],
  added: RatioGroup,
  situation: Situation,
  context: CombineContext,
): RatioGroup[] {
  let merged = added;
  const apart: RatioGroup[] = [];
  for (const group of groups) {
    const shared = [...group.parts.keys()].filter((key) => merged.parts.has(key));
    const [pivot] = shared;
    if (pivot === undefined) {
      apart.push(group);
      continue;
    }
    // INVARIANT: the pivot is in both groups, and proportions are positive.
    const factor = divide(merged.parts.get(pivot)!, group.parts.get(pivot)!);
    const scaled = new Map([...group.parts].map(([key, part]) => [key, multiply(part, factor)]));
    for (const key of shared) {
      if (compare(scaled.get(key)!, merged.parts.get(key)!) !== 0) {
        reportDisagreement({ key, pivot, first: group, second: merged }, situation, context);
      }
    }
    merged = {
      parts: new Map([...scaled, ...merged.parts]),
      sentences: [...group.sentences, ...merged.sentences],
    };
  }
  return [...apart, merged];
}

interface Disagreement {
  readonly key: string;
  readonly pivot: string;
  readonly first: RatioGroup;
  readonly second: RatioGroup;
}

function reportDisagreement(
  { key, pivot, first, second }: Disagreement,
  situation: Situation,
  { findings }: CombineContext,
): void {
  // INVARIANT: both subjects are in both groups.
  const ratio = ({ parts }: RatioGroup) => formatRational(divide(parts.get(key)!, parts.get(pivot)!));
  const { place, related } = pointAt(
    [...first.sentences, ...second.sentences],
    ({ text }) => `the other proportion: ${text}`,
  );
  findings.add(
    conflicts.twoProportions.at(
      place,
      { subject: key, other: pivot, first: ratio(first), second: ratio(second), ...shownIn(situation) },
      { related },
    ),
  );
}
