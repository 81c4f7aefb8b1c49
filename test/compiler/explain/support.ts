import type { Explanation } from '../../../src/compiler/explain/explain-model.js';
import { type ExplainRequest, explainPolicy } from '../../../src/compiler/explain/explain-policy.js';
import type { Point, Topic } from '../../../src/compiler/explain/point.js';
import type { AspectName, Treatment } from '../../../src/compiler/explain/treatments.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { HOST } from '../support.js';

/** The explanation of a policy that has a plan. */
export function explanationOf(
  text: string,
  request: ExplainRequest | string,
  facts: HostFacts = HOST,
): Explanation {
  const asked = typeof request === 'string' ? { subject: request } : request;
  const answer = explainPolicy({ file: 'test.vmc', text }, facts, asked);
  if (answer.kind !== 'explained') throw new Error(`${answer.kind}: ${JSON.stringify(answer)}`);
  return answer.explanation;
}

export function treatmentsOf({ aspects }: Explanation, name: AspectName = 'cpu'): readonly Treatment[] {
  return aspects.find((aspect) => aspect.name === name)?.treatments ?? [];
}

/** What each treatment says, with its `when`s. */
export const told = (explanation: Explanation, name: AspectName = 'cpu'): readonly string[] =>
  treatmentsOf(explanation, name).map(
    ({ when, points }) => `${when?.join(' | ') || '-'}: ${points.map(({ says }) => says).join('; ')}`,
  );

/** The only point of a topic in the only treatment. */
export function pointOf(explanation: Explanation, topic: Topic): Point {
  const points = explanation.aspects.flatMap(({ treatments }) => treatments.flatMap((one) => one.points));
  const [point, ...others] = points.filter((one) => one.topic === topic);
  if (!point || others.length > 0) throw new Error(`${points.length} points of ${topic}`);
  return point;
}

export const deciding = ({ from }: Point): readonly string[] =>
  from.filter(({ decides }) => decides).map(({ text }) => text);
