import type { Sentence } from '../../lang/model.js';
import { conflicts } from '../catalogue.js';
import { shownIn } from '../demand-text.js';
import { type Findings, pointAt } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import type { Population } from '../population.js';
import { keysWithTotals, overlap, type Total } from './totals.js';

interface Context {
  readonly nest: { readonly loose: ReadonlySet<string> };
  readonly population: Population;
  readonly findings: Findings;
}

/**
 * Reports limits on a loose union beside totals of a union that overlaps it, in force at the same time, and beside
 * guarantees to any that has a class in common with it: those could not be kept where its limit is divided.
 */
export function checkOverlaps(situation: Situation, { nest, population, findings }: Context): void {
  if (nest.loose.size === 0) return;
  const totals = situation.active.flatMap(({ sentence }) =>
    keysWithTotals(sentence, population).flatMap((key) => {
      const members = population.unions.get(key);
      return members ? [{ key, first: sentence, members: new Set(members) }] : [];
    }),
  );
  for (const loose of totals.filter(({ key }) => nest.loose.has(key))) {
    for (const other of totals) {
      if (other.key === loose.key) continue;
      const promised = other.first.kind === 'guarantee' && loose.first.kind === 'limit';
      const apart = promised
        ? [...other.members].every((key) => !loose.members.has(key))
        : !overlap(loose.members, other.members);
      if (!apart) reportOverlap(loose, other, findings, situation);
    }
  }
}

type Overlapping = Pick<Total, 'key' | 'members'> & { readonly first: Sentence };

/** Without a situation: whenever they are in force. */
export function reportOverlap(
  total: Overlapping,
  other: Overlapping,
  findings: Findings,
  situation: Situation | null = null,
): void {
  const [first, second] = total.first.index < other.first.index ? [total, other] : [other, total];
  const common = [...first.members].filter((key) => second.members.has(key)).join(', ');
  const { place, related } = pointAt([first.first, second.first], () => `and this is about ${second.key}`);
  const where = situation ? shownIn(situation) : { mode: 'always', example: null };
  findings.add(
    conflicts.overlappingUnions.at(
      place,
      { first: first.key, second: second.key, common, ...where },
      { related },
    ),
  );
}
