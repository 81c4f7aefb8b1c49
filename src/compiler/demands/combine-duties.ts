import type { Sentence, Subject } from '../../lang/model.js';
import { compare, rational } from '../../support/rational.js';
import { conflicts } from '../catalogue.js';
import { cycleText, shownIn } from '../demand-text.js';
import { pointAt } from '../findings.js';
import type { Situation } from '../modes/situation.js';
import { subjectKey } from '../subject-key.js';
import type { CombineContext } from './combine-context.js';
import type { DutyDemand } from './demands.js';

/** A duty cycle as one sentence asks for it. */
interface AskedDuty {
  readonly sentence: Sentence & { readonly subject: Subject };
  readonly certain: boolean;
  readonly runNs: bigint;
  readonly periodNs: bigint;
  readonly mechanism: 'duty' | 'freezer';
}

export type DutyInQuestion = DutyDemand & {
  readonly certain: boolean;
  /** Of this subject alone, and added to: thousands of equal sentences are not copied for each of them. */
  readonly sentences: Sentence[];
};

/** A pause wins over a run; two different runs are a conflict, unless one is uncertain: then the stricter holds. */
export function addDuty(
  { sentence, ...asked }: AskedDuty,
  duties: Map<string, DutyInQuestion>,
  situation: Situation,
  context: CombineContext,
): void {
  const { certain, runNs, periodNs } = asked;
  for (const member of context.population.membersOf(subjectKey(sentence.subject))) {
    const own = { ...asked, sentences: [sentence] };
    const other = duties.get(member);
    if (other === undefined) duties.set(member, own);
    else if (other.runNs === runNs && other.periodNs === periodNs) {
      other.sentences.push(sentence);
      duties.set(member, { ...other, certain: other.certain || certain });
    } else if (other.certain && certain && runNs > 0n && other.runNs > 0n) {
      reportTwoRuns(member, other, own, situation, context);
    } else if (stricter(own, other)) duties.set(member, own);
  }
}

function reportTwoRuns(
  subject: string,
  first: DutyDemand,
  second: DutyDemand,
  situation: Situation,
  { findings }: CombineContext,
): void {
  const sentences = [...first.sentences, ...second.sentences];
  const { place, related } = pointAt(sentences, ({ text }) => `and here: ${text}`);
  findings.add(
    conflicts.twoRuns.at(
      place,
      {
        subject,
        first: cycleText(first.runNs, first.periodNs),
        second: cycleText(second.runNs, second.periodNs),
        ...shownIn(situation),
      },
      { related },
    ),
  );
}

/** The lower rate; of equal rates the longer stops. */
function stricter(a: DutyDemand, b: DutyDemand): boolean {
  const order = compare(rational(a.runNs, a.periodNs), rational(b.runNs, b.periodNs));
  return order < 0 || (order === 0 && a.periodNs > b.periodNs);
}
