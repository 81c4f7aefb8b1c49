import { conflicts, hostLimits } from '../catalogue.js';
import { shownIn } from '../demand-text.js';
import { pointAt } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import { subjectKey } from '../subject-key.js';
import type { CombineContext, SentenceOf } from './combine-context.js';
import type { Growing, PlacementDemand } from './demands.js';

type Place = SentenceOf<'place'>;

/**
 * Several placements of one class: the cores that all of them name; none in common is a conflict. Where a guard is
 * unknown neither of two is the stricter: then those hold that leave a core, the certain ones first.
 */
export function placementsOf(
  situation: Situation,
  context: CombineContext,
): ReadonlyMap<string, PlacementDemand> {
  const placements = new Map<string, Growing<PlacementDemand>>();
  const active = situation.active.flatMap(({ sentence, certain }) =>
    sentence.kind === 'place' && context.mechanisms.has(sentence) ? [{ sentence, certain }] : [],
  );
  for (const wanted of [true, false]) {
    for (const { sentence, certain } of active) {
      if (certain === wanted) addPlacement(sentence, certain, placements, situation, context);
    }
  }
  return placements;
}

function addPlacement(
  sentence: Place,
  certain: boolean,
  placements: Map<string, Growing<PlacementDemand>>,
  situation: Situation,
  context: CombineContext,
): void {
  const present = sentence.cores.filter((core) => context.host.coreIds.includes(core));
  if (present.length < sentence.cores.length) reportMissing(sentence, context);
  if (present.length === 0) return;
  for (const member of context.population.membersOf(subjectKey(sentence.subject))) {
    const other = placements.get(member);
    const cores = other === undefined ? present : other.cores.filter((core) => present.includes(core));
    if (cores.length > 0) {
      const sentences = other?.sentences ?? [];
      sentences.push(sentence);
      placements.set(member, { cores, sentences });
    } else if (certain && other) {
      const { place, related } = pointAt([...other.sentences, sentence], ({ text }) => `and here: ${text}`);
      context.findings.add(
        conflicts.noCommonCore.at(place, { subject: member, ...shownIn(situation) }, { related }),
      );
    }
  }
}

function reportMissing(sentence: Place, { host, findings }: CombineContext): void {
  const missing = sentence.cores.filter((core) => !host.coreIds.includes(core));
  findings.add(
    hostLimits.noSuchCore.at(sentence.place, {
      missing: missing.join(', '),
      present: host.coreIds.join(', '),
    }),
  );
}
