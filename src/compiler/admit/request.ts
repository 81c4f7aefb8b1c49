import type { Diagnostic } from '../../lang/diagnostic.js';
import { analyse } from '../../lang/index.js';
import type { GuestClass, Model, Sentence } from '../../lang/model.js';
import type { Source } from '../../lang/source.js';
import { combine } from '../demands/combine.js';
import { checkPromises } from '../demands/promise-conflicts.js';
import type { HostFacts } from '../facts.js';
import { modelContext } from '../model-context.js';
import type { Situation } from '../modes/situation.js';

/** What a text asks for: guests of one class, or of one offer. */
export interface AdmissionRequest {
  readonly model: Model;
  readonly name: string;
  readonly guests: number;
  readonly vcpus: number;
}

export type ReadRequest =
  | {
      readonly ok: true;
      readonly request: AdmissionRequest;
      /** What this host has no mechanism for, so that no number in the request would help; null: nothing. */
      readonly unkeepable: Diagnostic | null;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** `problem`: what is wrong with it as a request; null: the diagnostics say it. */
  | { readonly ok: false; readonly problem: string | null; readonly diagnostics: readonly Diagnostic[] };

const ALLOWED: ReadonlySet<Sentence['kind']> = new Set(['offer', 'reserve', 'guarantee', 'limit', 'place']);

/** Errors that say what cannot be kept, and not that the text contradicts itself. */
const INFEASIBLE = /^VMC[45]/;
const isError = ({ severity }: Diagnostic): boolean => severity === 'error';

/** Reads a request, and sees what is wrong with it on the host of a plan whatever the plan holds. Pure. */
export function readRequest(source: Source, facts: HostFacts): ReadRequest {
  const { model, diagnostics } = analyse(source);
  if (model === null) return { ok: false, problem: null, diagnostics };
  const problem = problemOf(model);
  if (problem !== null) return { ok: false, problem, diagnostics };
  const { unkeepable, found } = alone(model, facts);
  const all = [...diagnostics, ...found];
  if (all.some((one) => isError(one) && !INFEASIBLE.test(one.code)))
    return { ok: false, problem: null, diagnostics: all };
  const [only] = askingClasses(model);
  // INVARIANT: a request has one class or one offer.
  const { name, maxGuests, vcpus } = only!;
  return {
    ok: true,
    request: { model, name, guests: maxGuests, vcpus },
    unkeepable,
    diagnostics: all,
  };
}

/** Classes as declared, and those that offers come to. */
export function askingClasses({
  classes,
  sentences,
}: Model): readonly Pick<GuestClass, 'name' | 'maxGuests' | 'vcpus'>[] {
  const offered = sentences.flatMap((one) =>
    one.kind === 'offer' ? [{ name: one.name, maxGuests: one.count, vcpus: one.vcpus }] : [],
  );
  return [...classes, ...offered];
}

function problemOf(model: Model): string | null {
  const classes = askingClasses(model);
  if (classes.length !== 1)
    return `a request is about one class or one offer, and this has ${classes.length}`;
  if (model.host.place !== null) return 'a request is for the host of the plan, and says nothing of it';
  const other = model.sentences.find(({ kind }) => !ALLOWED.has(kind));
  if (other) return `a request reserves or guarantees something, and does not say "${other.text}"`;
  const guarded = model.sentences.find(({ guards }) => guards.length > 0);
  if (guarded) return `a request holds at all times: "${guarded.text}" has a condition`;
  const foreign = model.sentences.find((one) => 'subject' in one && !('name' in one.subject));
  if (foreign) return `a request is about its own guests, and "${foreign.text}" is about others too`;
  const asks = model.sentences.some(
    (one) => one.kind === 'reserve' || one.kind === 'guarantee' || (one.kind === 'offer' && asksFor(one)),
  );
  return asks ? null : 'a request asks for something: "reserve …" or "guarantee …"';
}

const asksFor = ({ reserve, guarantee, memoryBytes }: Extract<Sentence, { kind: 'offer' }>): boolean =>
  reserve !== null || guarantee !== null || memoryBytes !== null;

/** What is found wrong with a request by itself, on the whole host. */
function alone(
  model: Model,
  facts: HostFacts,
): { readonly unkeepable: Diagnostic | null; readonly found: readonly Diagnostic[] } {
  const context = modelContext(model, facts);
  const unkeepable = context.findings.list.find(isError) ?? null;
  const situation: Situation = {
    modeId: 'always',
    example: null,
    active: context.model.sentences.map((sentence) => ({ sentence, certain: true })),
  };
  const demands = combine(situation, context);
  checkPromises({ ...context, demands, situation });
  return { unkeepable, found: context.findings.list };
}
