/** Scheduling class of the process that preempted the other. */
export type VisitorClass = 'deadline' | 'fifo' | 'normal';

/** The raw times of one round of `switch-costs.pl`, which says what they are; ns of the monotonic clock. */
export interface PreemptionRound {
  readonly visitorClass: VisitorClass;
  /** One pass of the resident over its working set, undisturbed. */
  readonly residentPassNs: number;
  /** One visit that neither sweeps nor sleeps, its own measuring calls included. */
  readonly warmVisitNs: number;
  /** Three passes in a row of which the first took longer than usual; in order of time, and they may overlap. */
  readonly passes: readonly { readonly fromNs: number; readonly untilNs: number }[];
  readonly visits: readonly Visit[];
}

export interface Visit {
  readonly fromNs: number;
  /** Its working set has been read, and sweeping begins. */
  readonly touchedNs: number;
  readonly untilNs: number;
  /** Where it ran. */
  readonly core: number;
}

/** Passes that make up one entry of {@link PreemptionRound.passes}. */
export const PASSES = 3;

type Growing = PreemptionRound & { passes: { fromNs: number; untilNs: number }[]; visits: Visit[] };

/** What `switch-costs.pl` wrote; throws on anything else. */
export function parseRounds(text: string): readonly PreemptionRound[] {
  const rounds: Growing[] = [];
  for (const line of text.split('\n').filter((each) => each !== '')) {
    const [kind, ...words] = line.split(' ');
    const [first = Number.NaN, second = Number.NaN, third = Number.NaN, fourth = Number.NaN] =
      words.map(Number);
    const round = rounds.at(-1);
    if (kind === 'round') rounds.push(startRound(words));
    else if (kind === 'pass' && round) round.passes.push({ fromNs: first, untilNs: second });
    else if (kind === 'visit' && round)
      round.visits.push({ fromNs: first, touchedNs: second, untilNs: third, core: fourth });
    else throw new Error(`switch-costs.pl wrote '${line}'`);
  }
  return rounds;
}

function startRound([visitorClass, resident, visit]: readonly string[]): Growing {
  return {
    visitorClass: visitorClass as VisitorClass,
    residentPassNs: Number(resident),
    warmVisitNs: Number(visit),
    passes: [],
    visits: [],
  };
}
