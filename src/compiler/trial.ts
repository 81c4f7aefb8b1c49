import { ZERO } from '../support/rational.js';
import { type Admission, type AdmissionCase, admitOne, isTiming, totalUtilisation } from './admission.js';
import { combine } from './combine.js';
import type { CombineContext } from './combine-context.js';
import type { Demands } from './demands.js';
import { Findings } from './findings.js';
import type { Nest } from './nest.js';
import { unkeptPlacedFloors } from './placed-floors.js';
import { isRelaxable, mechanismsFor, type Relaxable } from './relaxation.js';
import { serversOf, timingServer } from './server-demand.js';
import { planShares, type Unkept } from './shares.js';
import type { Situation } from './situation.js';

/** Enough for a hint; the verdict itself was made by the full search. */
const HINT_SEARCH_NODES = 2000;

export interface TrialContext extends CombineContext {
  readonly nest: Nest;
  readonly gathered: ReadonlySet<string>;
  readonly timing: boolean;
}

export interface Trial {
  readonly demands: Demands;
  readonly admissionCase: AdmissionCase;
}

/** What a situation comes to with these sentences in place of all of its own that can be relaxed. */
export function trialOf(sentences: readonly Relaxable[], situation: Situation, context: TrialContext): Trial {
  const certain = new Map(situation.active.map((one) => [one.sentence.index, one.certain]));
  const others = situation.active.filter(({ sentence }) => !isRelaxable(sentence));
  const active = [
    ...others,
    ...sentences.map((sentence) => ({ sentence, certain: certain.get(sentence.index) ?? true })),
  ].sort((a, b) => a.sentence.index - b.sentence.index);
  const mechanisms = new Map([
    ...[...context.mechanisms].filter(([sentence]) => !isRelaxable(sentence)),
    ...mechanismsFor(sentences, context.mechanisms),
  ]);
  const demands = combine({ ...situation, active }, { ...context, mechanisms, findings: new Findings() });
  const servers = serversOf(demands, context.population, context.host);
  return {
    demands,
    admissionCase: {
      servers: context.timing ? [...servers, timingServer(context.host)] : servers,
      keep: demands.keep?.cores ?? ZERO,
    },
  };
}

/** Whether there is a schedule for a situation with these sentences: its servers, guarantees and weights find room. */
export function holds(sentences: readonly Relaxable[], situation: Situation, context: TrialContext): boolean {
  const { demands, admissionCase } = trialOf(sentences, situation, context);
  const { admission, timing } = admitted(admissionCase, context);
  return (
    admission.ok && unkeptWith({ demands, admissionCase }, admission, timing, situation, context) === null
  );
}

/** What is not kept of these sentences, with servers that fit; null: they do not fit, or all is kept. */
export function unkeptOf(
  sentences: readonly Relaxable[],
  situation: Situation,
  context: TrialContext,
): Unkept | null {
  const trial = trialOf(sentences, situation, context);
  const { admission, timing } = admitted(trial.admissionCase, context);
  return admission.ok ? unkeptWith(trial, admission, timing, situation, context) : null;
}

function unkeptWith(
  { demands, admissionCase }: Trial,
  admission: Admission,
  timing: boolean,
  situation: Situation,
  context: TrialContext,
): Unkept | null {
  const servers = admissionCase.servers.filter((one) => !isTiming(one));
  const reserved = totalUtilisation(timing ? [...servers, timingServer(context.host)] : servers);
  const inner = { ...context, findings: new Findings(), situation, demands, reserved };
  return unkeptPlacedFloors(servers, admission, inner) ?? planShares(inner).unkept;
}

/** Without a guest's server vmc's own thread goes without where there is no room for it. */
function admitted(
  admissionCase: AdmissionCase,
  { host, timing }: TrialContext,
): { readonly admission: Admission; readonly timing: boolean } {
  const admission = admitOne(admissionCase, host, HINT_SEARCH_NODES);
  const guests = admissionCase.servers.some((one) => !isTiming(one));
  if (admission.ok || guests) return { admission, timing };
  return { admission: admitOne({ servers: [], keep: ZERO }, host), timing: false };
}
