/** How much is played beside the probes. */
export const LOADS = ['none', 'light', 'heavy'] as const;
/** Where probes run: a process of the owner's, or guests by the way they get their time. */
export const PLACES = ['outside', 'share', 'duty', 'reservation'] as const;

export type Load = (typeof LOADS)[number];
export type Place = (typeof PLACES)[number];

/** Probes under one load: where, and of which size in CPU-seconds. */
export interface ProbePart {
  readonly load: Load;
  readonly probes: readonly { readonly place: Place; readonly sizeSeconds: number }[];
}

export const SIZES = [0.1, 0.3, 1, 3, 10, 30] as const;

/** How many of each size, under each load: 102 outside, 22 in each guest, 504 in all. */
const COUNTS: Readonly<Record<Place, readonly number[]>> = {
  outside: [38, 26, 19, 11, 6, 2],
  share: [9, 6, 4, 2, 1, 0],
  duty: [9, 6, 4, 2, 1, 0],
  reservation: [9, 6, 4, 2, 1, 0],
};

const ALL = Object.values(COUNTS)
  .flat()
  .reduce((sum, count) => sum + LOADS.length * count, 0);

/**
 * The whole, or the part named `LOAD` or `LOAD-PLACE`. `probes`: about so many instead, in the same proportions; of a
 * size of which that leaves none, none. The same every time. Throws a RangeError for a part that there is not.
 */
export function probeParts(part: string | null, probes: number | null): readonly ProbePart[] {
  const [load, place, ...rest] = part?.split('-') ?? [];
  const loads = LOADS.filter((one) => load === undefined || one === load);
  const places = PLACES.filter((one) => place === undefined || one === place);
  if (loads.length === 0 || places.length === 0 || rest.length > 0) {
    throw new RangeError(
      `--part ${part}: ${LOADS.join(', ')}, or one of them and a place: ${PLACES.join(', ')}`,
    );
  }
  const all = places.flatMap((one) => COUNTS[one]).reduce((sum, count) => sum + loads.length * count, 0);
  const factor = (probes ?? (part === null ? ALL : all)) / all;
  return loads.map((one, at) => ({
    load: one,
    probes: places.flatMap((where) => {
      const sizes = SIZES.flatMap((sizeSeconds, size) =>
        Array.from({ length: Math.round(factor * COUNTS[where][size]!) }, () => sizeSeconds),
      );
      return shuffled(sizes, at + 1).map((sizeSeconds) => ({ place: where, sizeSeconds }));
    }),
  }));
}

/** In an order that has nothing to do with the one that was given, and is the same every time. */
function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = lehmer(seed);
  const mixed = [...list];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}

const MODULUS = 2_147_483_647;
const MULTIPLIER = 48_271;

/** Numbers in [0, 1): Park and Miller's generator. */
export function lehmer(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * MULTIPLIER) % MODULUS;
    return state / MODULUS;
  };
}
