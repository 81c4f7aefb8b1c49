import type { RelatedPlace } from '../../lang/diagnostic.js';
import type { Sentence } from '../../lang/model.js';
import { calendarsIn } from '../calendar/calendars-in.js';
import { conflicts } from '../catalogue.js';
import { checkZone } from '../host-checks.js';
import type { ModelContext } from '../model-context.js';
import { MOST_MODES } from '../modes/modes.js';
import type { ActiveSentence, Situation } from '../modes/situation.js';
import type { ScheduleProof } from '../plan.js';
import { subjectKey } from '../subject-key.js';
import { type AskedSituation, type AssertSentence, askedSituations } from './asked-situations.js';
import { assertions } from './catalogue.js';
import { anywhere, circumstancesOf } from './circumstances-of.js';
import { judge } from './judge.js';
import type { Judgement, Statement } from './judgement.js';
import { notInForce } from './not-in-force.js';
import { distinctReasons } from './reason.js';
import { relevantSentences } from './relevant-sentences.js';

/** A situation of the plan, and the proof of its schedule. */
export interface ProvedSituation {
  readonly situation: Situation;
  readonly proof: Pick<ScheduleProof, 'shares'>;
}

/** Beyond so many places nobody reads them. */
const MOST_PLACES = 8;

/**
 * Decides every `assert` of a policy over all modes that can occur; one that does not hold is reported with a mode that
 * shows it. `planned` are the situations of the plan: what weights prove is taken from their schedules.
 */
export function checkAssertions(context: ModelContext, planned: readonly ProvedSituation[]): void {
  const proofs = new Map(planned.map(({ situation, proof }) => [keyOf(situation.active), proof]));
  const constraints = context.model.sentences.filter(({ kind }) => kind !== 'assert');
  for (const sentence of context.model.sentences) {
    if (sentence.kind === 'assert') checkAssertion(sentence, constraints, proofs, context);
  }
}

const keyOf = (active: readonly ActiveSentence[]): string =>
  active
    .filter(({ sentence }) => sentence.kind !== 'assert')
    .map(({ sentence, certain }) => `${sentence.index}${certain ? '' : '?'}`)
    .join(' ');

function checkAssertion(
  assertion: AssertSentence,
  constraints: readonly Sentence[],
  proofs: ReadonlyMap<string, ProvedSituation['proof']>,
  context: ModelContext,
): void {
  const { findings, host } = context;
  if (needsZone(assertion) && !checkZone(host.facts.timezone, context.model, findings)) return;
  const { sentences, shares } = relevantSentences(assertion, constraints, context);
  const asked = askedSituations(assertion, sentences, context);
  if (!asked.ok) {
    findings.add(
      conflicts.tooManyModes.at(assertion.place, { most: MOST_MODES, conditions: asked.conditions }),
    );
    return;
  }
  if (asked.situations.length === 0) {
    findings.add(assertions.neverAsked.at(assertion.place, {}));
    return;
  }
  const statement: Statement = { ...assertion, outcome: assertion.claim };
  for (const one of asked.situations) {
    const proof = shares ? (proofs.get(keyOf(one.situation.active)) ?? null) : null;
    const circumstances = circumstancesOf(one.situation, context, { elastic: anywhere(host), proof });
    const judgement = judge(statement, circumstances);
    if (judgement.holds) continue;
    report(assertion, judgement, one, context);
    return;
  }
}

/** That the sentences need it as well is found when the modes of the plan are. */
const needsZone = ({ while: condition }: AssertSentence): boolean =>
  condition !== null && calendarsIn([condition]).length > 0;

function report(
  assertion: AssertSentence,
  judgement: Judgement,
  { situation, why }: AskedSituation,
  { model, population, findings }: ModelContext,
): void {
  const { subject, each, claim } = assertion;
  const idle = notInForce({ subject, outcome: claim }, model.sentences, situation.active, population, why);
  const related = distinctReasons([...judgement.reasons, ...idle])
    .slice(0, MOST_PLACES)
    .map(({ place, role }): RelatedPlace => ({ message: role, file: place.file, range: place.range }));
  findings.add(
    assertions.broken.at(
      assertion.place,
      {
        subject: `${each ? 'each ' : ''}${subjectKey(subject)}`,
        expected: judgement.expected,
        got: judgement.got,
        mode: situation.modeId,
        example: situation.example,
        advice: adviceFor(assertion, judgement, idle.length > 0),
      },
      { related },
    ),
  );
}

function adviceFor(
  { claim, while: condition }: AssertSentence,
  { reasons }: Judgement,
  idle: boolean,
): string {
  const narrow = condition === null ? 'say with `while` when it is to hold' : 'narrow its `while`';
  if (claim.kind === 'at-least') return `Promise it with \`guarantee\` or \`reserve\`, or ${narrow}.`;
  if (claim.kind === 'paused') return `Pause it then, or ${narrow}.`;
  return reasons.length === 0 && !idle
    ? `No sentence limits it: add a \`limit\`, or ${narrow}.`
    : `Tighten one of these sentences, let it hold there too, or ${narrow}.`;
}
