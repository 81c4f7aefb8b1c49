import { leastOfSum } from '../claims/least.js';
import { resourceText } from '../claims/resource.js';
import { coresOf, coresText } from '../cpu-amount.js';
import { inOrder, ofReason, ofSentence } from './contribution.js';
import { meansOf } from './means.js';
import type { Contribution, Point } from './point.js';
import { isAround, meet, spokenOf } from './subjects-around.js';
import { idOf, type View } from './view.js';

/**
 * What a subject is promised whenever it wants it, by guarantees and reservations; null: no promise has to
 * do with it.
 */
export function leastPoint(view: View): Point | null {
  const { key, circumstances, context, schedule } = view;
  const { value, reasons } = leastOfSum(key, 'cpu', view.promises);
  const isPromised = value !== null && value.num > 0n;
  const guarantees = guaranteesAround(view);
  if (!isPromised && guarantees.length === 0) return null;
  // What suspends a promise decides that there is none; the promise does not.
  const promising = new Set(guarantees.map(({ place }) => idOf(place)));
  const deciding = isPromised ? reasons : reasons.filter(({ place }) => !promising.has(idOf(place)));
  const decides = new Set(deciding.map(({ place }) => idOf(place)));
  const others = guarantees.filter(({ place }) => !decides.has(idOf(place)));
  const amount = isPromised ? resourceText({ resource: 'cpu', value }, circumstances.host) : null;
  return {
    topic: 'least',
    says: amount === null ? 'promised nothing' : `promised ${amount} whenever it wants it`,
    from: inOrder([...deciding.map((reason) => ofReason(reason, true, view)), ...others]),
    leastOf: [],
    steps: [],
    means: schedule.settings
      .filter(
        (one) =>
          one.mechanism === 'share' &&
          one.floorCores !== null &&
          (isAround(one.class, key, context.population) || isAround(key, one.class, context.population)),
      )
      .map((setting) => meansOf(setting, view)),
  };
}

function guaranteesAround(view: View): readonly Contribution[] {
  const { key, context, situation, demands } = view;
  return situation.active.flatMap(({ sentence, certain }): Contribution[] => {
    if (sentence.kind !== 'guarantee' || sentence.amounts.cpu === null) return [];
    const [subject] = spokenOf(sentence);
    if (subject === undefined || !meet(subject, key, context.population)) return [];
    const cores = coresText(coresOf(sentence.amounts.cpu, context.host));
    const kept = certain && isKept(subject, demands);
    const role = kept
      ? `guarantees ${sentence.each ? 'each guest' : 'the sum'} ${cores}`
      : 'is suspended while it is paused';
    return [ofSentence(sentence, role, false, view)];
  });
}

const isKept = (subject: string, { floors }: View['demands']): boolean => floors.has(subject);
