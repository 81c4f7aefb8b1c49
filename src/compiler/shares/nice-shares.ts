import type { Sentence } from '../../lang/model.js';
import { multiply, type Rational, rational } from '../../support/rational.js';
import { coresText } from '../cpu-amount.js';
import { fraction } from '../exact.js';
import { HOST } from '../nest.js';
import type { ScheduleProof } from '../plan.js';
import {
  BUSY_SESSIONS,
  chooseNiceValues,
  type NiceChoice,
  runningFloors,
  type Session,
  totalOf,
  weightOf,
} from './nice-values.js';
import { STANDARD_NICE_WEIGHT, weightOfNice } from './nice-weights.js';
import { everySubject, floorTable } from './share-floors.js';
import type { ShareAssignment, ShareContext, SharePlan } from './shares.js';

/** A class is told why it has its nice value by so many sentences. */
const CITED = 5;
const NOTHING: SharePlan = { assignments: [], proofs: [], unkept: null };

/**
 * Nice values for what `keep`, `guarantee`, `share` and `yield` say, where there are no cgroups: the sessions of all guests
 * and the owner's compete side by side. Approximate: a step is a quarter, classes with fewer guests than may come get less,
 * and unions are what their classes come to.
 */
export function planNiceValues(context: ShareContext): SharePlan {
  const { demands } = context;
  const keep = demands.keep?.mechanism === 'share' ? demands.keep : null;
  const shares = demands.shares.filter(({ mechanism }) => mechanism === 'share');
  if (!keep && shares.length + demands.floors.size + demands.yields.size === 0) return NOTHING;
  const choice = chooseNiceValues(context);
  if (choice !== null) return planOf(choice, context);
  const floors = [...demands.floors.values()].flatMap(({ sentences }) => sentences);
  const sentences = [...floors, ...(keep?.sentences ?? [])];
  return { ...NOTHING, unkept: { arithmetic: null, parent: 'guests', sentences } };
}

function planOf(
  { nices, error, sessions, fair, keepsOwner: kept }: NiceChoice,
  context: ShareContext,
): SharePlan {
  const { demands } = context;
  const keep = demands.keep?.mechanism === 'share' ? demands.keep : null;
  const shares = demands.shares.filter(({ mechanism }) => mechanism === 'share');
  const running = runningFloors(context);
  const proof = (
    ownerWeight: number,
    ownerFloor: Rational | null,
    floors: boolean,
  ): ScheduleProof['shares'][number] => {
    const total = totalOf(sessions, nices) + BigInt(ownerWeight);
    const row = (name: string, weight: bigint, floor: Rational | null) => ({
      class: name,
      weight: Number(weight),
      guaranteedCores: fraction(multiply(fair, rational(weight, total))),
      floorCores: floor === null ? null : fraction(floor),
    });
    return {
      parent: HOST,
      availableCores: fraction(fair),
      children: [
        row('owner', BigInt(ownerWeight), ownerFloor),
        ...sessions.map((one) =>
          row(one.key, weightOf(one, nices), floors ? (running.get(one.key) ?? null) : null),
        ),
      ],
    };
  };
  const ownerPart = multiply(
    fair,
    rational(BigInt(STANDARD_NICE_WEIGHT), BigInt(STANDARD_NICE_WEIGHT) + totalOf(sessions, nices)),
  );
  const owner: readonly ShareAssignment[] = keep
    ? [
        {
          key: 'owner',
          weight: STANDARD_NICE_WEIGHT,
          floorCores: kept ? keep.cores : ownerPart,
          relativeError: 0,
          sentences: keep.sentences,
          idle: false,
          note: kept
            ? "approximately: while one of the owner's sessions wants that much"
            : `guests have the least weight there is: ${coresText(ownerPart)} are certain`,
        },
      ]
    : [];
  const guests = sessions.flatMap((one): readonly ShareAssignment[] => {
    const nice = nices.get(one.key) ?? 0;
    const sentences = causes(one.key, context);
    if (sentences.own.length === 0 && nice === 0) return [];
    const yielding = demands.yields.has(one.key);
    return [
      {
        key: one.key,
        weight: weightOfNice(nice),
        nice,
        floorCores: eachFloor(one, context),
        relativeError: one.part === null ? 0 : error,
        sentences: sentences.own.length > 0 ? sentences.own : sentences.around.slice(0, CITED),
        idle: yielding,
        note: yielding ? 'it has the least weight there is, and gives way as far as that goes' : APPROXIMATE,
      },
    ];
  });
  const contended = shares.length > 0 || demands.floors.size > 0;
  return {
    assignments: [...owner, ...guests],
    proofs: [
      ...(keep ? [proof(STANDARD_NICE_WEIGHT, kept ? keep.cores : ownerPart, false)] : []),
      ...(contended ? [proof(BUSY_SESSIONS * STANDARD_NICE_WEIGHT, null, true)] : []),
    ],
    unkept: null,
  };
}

/** Of what is promised to a class and its vCPUs can use, the part of each of its guests; null: nothing is. */
function eachFloor({ key, guests }: Session, context: ShareContext): Rational | null {
  const floor = floorTable(context.demands, context.nest, everySubject(context), context).ownFloor(key);
  return floor && multiply(floor, rational(1n, BigInt(guests)));
}

const APPROXIMATE = `approximate: by nice values of sessions, beside ${BUSY_SESSIONS} busy sessions of the owner's and one guest of no class`;

function causes(
  key: string,
  { demands, population }: ShareContext,
): { readonly own: readonly Sentence[]; readonly around: readonly Sentence[] } {
  const inside = (subject: string) => population.membersOf(subject).includes(key);
  const shares = demands.shares.filter(({ mechanism }) => mechanism === 'share');
  const own = [
    ...shares.filter(({ parts }) => parts.some((part) => inside(part.key))).map(({ sentence }) => sentence),
    ...[...demands.floors].flatMap(([subject, floor]) => (inside(subject) ? floor.sentences : [])),
    ...(demands.yields.get(key) ?? []),
  ];
  const around = [
    ...(demands.keep?.sentences ?? []),
    ...[...demands.floors.values()].flatMap((floor) => floor.sentences),
    ...shares.map(({ sentence }) => sentence),
    ...[...demands.yields.values()].flat(),
  ];
  return { own: [...new Set(own)], around: [...new Set(around)] };
}
