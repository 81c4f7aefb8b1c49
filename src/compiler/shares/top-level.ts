import { compare, multiply, type Rational, rational, subtract, ZERO } from '../../support/rational.js';
import { coresText } from '../cpu-amount.js';
import { wholeHost } from '../effective-host.js';
import { fraction } from '../exact.js';
import { HOST } from '../nest.js';
import type { FloorTable } from './share-floors.js';
import type { RatioGroup } from './share-proportions.js';
import type { ShareAssignment, ShareContext, SharePlan, ShareProof } from './shares.js';
import type { TopWeight } from './top-weight.js';

/** Settings and proofs of how the guests stand against the owner: as it has just what is kept for it, and as it has more. */
export function topLevel(
  top: TopWeight,
  groups: readonly RatioGroup[],
  floors: FloorTable,
  { demands, host, reserved, gathered }: ShareContext,
): SharePlan {
  const asking = groups.flatMap(({ sentences }) => sentences);
  const keep = demands.keep?.mechanism === 'share' ? demands.keep : null;
  const promised = floors.sentencesIn('guests');
  const sentences = [...(keep?.sentences ?? []), ...asking, ...promised];
  const fair = subtract(wholeHost(host), reserved);
  const proofs: ShareProof[] = [];
  const assignments: ShareAssignment[] = [];
  if (keep) {
    const part = multiply(fair, rational(BigInt(top.keepingWeight), BigInt(top.keepingWeight + top.weight)));
    const holds = compare(part, keep.cores) >= 0;
    proofs.push(topProof(fair, top.keepingWeight, top.weight, holds ? keep.cores : part, null));
    assignments.push({
      key: 'owner',
      weight: top.keepingWeight,
      floorCores: holds ? keep.cores : part,
      relativeError: 0,
      sentences: keep.sentences,
      idle: false,
      note: holds ? null : `guests keep the least weight there is: ${coresText(part)} are certain`,
    });
  }
  if (promised.length > 0 || asking.length > 0 || demands.shares.length > 0) {
    const required = floors.required('guests');
    const floor = compare(required, ZERO) > 0 ? required : null;
    proofs.push(topProof(fair, top.contendingWeight, top.weight, null, floor));
  }
  if (sentences.length > 0 && gathered.size > 0) {
    assignments.push({
      key: 'guests',
      weight: top.weight,
      floorCores: floors.ownFloor('guests'),
      relativeError: 0,
      sentences,
      idle: false,
      note:
        promised.length > 0 ? contentionNote(top, host.facts.cgroup.ownerAs, host.weights.standard) : null,
    });
  }
  return { assignments, proofs, unkept: null };
}

function topProof(
  fair: Rational,
  ownerWeight: number,
  guestsWeight: number,
  ownerFloor: Rational | null,
  guestsFloor: Rational | null,
): ShareProof {
  const total = BigInt(ownerWeight + guestsWeight);
  const child = (name: string, weight: number, floor: Rational | null) => ({
    class: name,
    weight,
    guaranteedCores: fraction(multiply(fair, rational(BigInt(weight), total))),
    floorCores: floor === null ? null : fraction(floor),
  });
  return {
    parent: HOST,
    availableCores: fraction(fair),
    children: [child('owner', ownerWeight, ownerFloor), child('guests', guestsWeight, guestsFloor)],
  };
}

function contentionNote(
  { contendingWeight }: TopWeight,
  ownerAs: 'threads' | 'slices',
  unit: number,
): string {
  const count = Math.floor(contendingWeight / unit);
  return ownerAs === 'threads'
    ? `guarantees hold while at most ${count} threads of the owner's want CPU`
    : `guarantees hold while at most ${Math.floor((10 * contendingWeight) / unit) / 10} of the owner's slices (user.slice, system.slice) want CPU`;
}
