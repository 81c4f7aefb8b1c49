import type { Sentence } from '../../lang/model.js';
import { rational } from '../../support/rational.js';
import type { HostMechanism } from '../facts.js';
import type { ActiveSentence, Situation } from '../modes/situation.js';
import { subjectKey } from '../subject-key.js';
import { guaranteeAmounts, keepAmounts, limitAmounts, noAmounts } from './combine-amounts.js';
import { addGuarantee, addKeep, addLimit } from './combine-bounds.js';
import type { CombineContext, SentenceOf } from './combine-context.js';
import { addDuty, type DutyInQuestion } from './combine-duties.js';
import { placementsOf } from './combine-placements.js';
import { askReservation, reservationsOf } from './combine-reservations.js';
import {
  type Bound,
  type Demands,
  type ElasticDemand,
  type Growing,
  PAUSE_PERIOD_NS,
  type ShareDemand,
  type StopDemand,
} from './demands.js';
import { lessSuspended } from './suspended-floors.js';

/** What combining has found so far. */
interface Draft {
  readonly keep: Map<string, Growing<Bound>>;
  readonly sumCeilings: Map<string, Growing<Bound>>;
  readonly eachCeilings: Map<string, Growing<Bound>>;
  readonly elastics: ElasticDemand[];
  readonly floors: Map<string, Growing<Bound>>;
  readonly reservations: Map<string, SentenceOf<'reserve'>[]>;
  readonly duties: Map<string, DutyInQuestion>;
  readonly shares: ShareDemand[];
  readonly yields: Map<string, Sentence[]>;
  readonly stops: Map<string, Growing<StopDemand>>;
}

/**
 * Several sentences on one subject: ceilings combine by minimum, floors by maximum, a pause wins over a run; two
 * different duty cycles or reservations are conflicts, unless the guard of one is unknown: then the stricter holds.
 * Pure but for the conflicts it reports in `context.findings`.
 */
export function combine(situation: Situation, context: CombineContext): Demands {
  const amounts = noAmounts();
  const draft: Draft = {
    keep: new Map(),
    sumCeilings: new Map(),
    eachCeilings: new Map(),
    elastics: [],
    floors: new Map(),
    reservations: new Map(),
    duties: new Map(),
    shares: [],
    yields: new Map(),
    stops: new Map(),
  };
  for (const one of situation.active) {
    const { sentence } = one;
    if (sentence.kind === 'keep') keepAmounts(sentence, amounts, context);
    if (sentence.kind === 'limit') limitAmounts(sentence, amounts, context);
    if (sentence.kind === 'guarantee') guaranteeAmounts(sentence, amounts, context);
    if (sentence.kind === 'stop') addStop(sentence, draft.stops, context);
    const mechanism = context.mechanisms.get(sentence);
    if (mechanism !== undefined) addCpu(one, mechanism, draft, situation, context);
  }
  const { keep, duties, floors, reservations, ...others } = draft;
  const { memoryKept, ...bounds } = amounts;
  return {
    ...others,
    ...bounds,
    floors: lessSuspended(floors, draft, situation, context),
    keep: keep.get('owner') ?? null,
    memoryKept: memoryKept.get('owner') ?? null,
    duties: new Map([...duties].map(([key, { certain: _, ...duty }]) => [key, duty])),
    reservations: reservationsOf(reservations, situation, context),
    placements: placementsOf(situation, context),
  };
}

function addCpu(
  { sentence, certain }: ActiveSentence,
  mechanism: HostMechanism,
  draft: Draft,
  situation: Situation,
  context: CombineContext,
): void {
  switch (sentence.kind) {
    case 'keep':
      addKeep(sentence, mechanism, draft.keep, context);
      break;
    case 'limit':
      addLimit(sentence, mechanism, draft, context);
      break;
    case 'guarantee':
      addGuarantee(sentence, mechanism, draft.floors, context);
      break;
    case 'reserve':
      askReservation(sentence, draft.reservations, context);
      break;
    case 'run':
    case 'pause': {
      const cycle =
        sentence.kind === 'run'
          ? { runNs: sentence.runNs, periodNs: sentence.periodNs }
          : { runNs: 0n, periodNs: PAUSE_PERIOD_NS };
      const by = mechanism === 'freezer' ? 'freezer' : 'duty';
      addDuty({ sentence, certain, ...cycle, mechanism: by }, draft.duties, situation, context);
      break;
    }
    case 'yield':
      for (const member of context.population.membersOf(subjectKey(sentence.subject))) {
        const others = draft.yields.get(member);
        if (others) others.push(sentence);
        else draft.yields.set(member, [sentence]);
      }
      break;
    case 'share':
    case 'share-equally':
      draft.shares.push({ sentence, parts: partsOf(sentence, context), mechanism });
  }
}

function partsOf(
  sentence: SentenceOf<'share' | 'share-equally'>,
  { population }: CombineContext,
): ShareDemand['parts'] {
  if (sentence.kind === 'share') {
    return sentence.parts.map(({ subject, proportion }) => ({ key: subjectKey(subject), proportion }));
  }
  return population.partsOf(subjectKey(sentence.subject)).map((key) => ({ key, proportion: rational(1n) }));
}

/** The least time counts: who is to be gone by then is gone by all the others. */
function addStop(
  sentence: SentenceOf<'stop'>,
  stops: Map<string, Growing<StopDemand>>,
  { population }: CombineContext,
): void {
  const { withinNs } = sentence;
  for (const member of population.membersOf(subjectKey(sentence.subject))) {
    const other = stops.get(member);
    if (other === undefined || withinNs < other.withinNs)
      stops.set(member, { withinNs, sentences: [sentence] });
    else if (withinNs === other.withinNs) other.sentences.push(sentence);
  }
}
