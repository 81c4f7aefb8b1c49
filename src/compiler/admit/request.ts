import type { Diagnostic } from '../../lang/diagnostic.js';
import { analyse } from '../../lang/index.js';
import type { GuestClass, Model, ReservationForm, Sentence } from '../../lang/model.js';
import type { Source } from '../../lang/source.js';
import { min, type Rational, rational, ZERO } from '../../support/rational.js';
import { combine } from '../combine.js';
import { sum } from '../exact.js';
import type { HostFacts } from '../facts.js';
import { type ModelContext, modelContext } from '../model-context.js';
import { checkPromises } from '../promise-conflicts.js';
import { rateOf } from '../reservation-form.js';
import { type ServerDemand, serversOf } from '../server-demand.js';
import type { Situation } from '../situation.js';

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
      /** Null: no server, on a core by itself, could keep it; the diagnostics say why. */
      readonly asked: Asked | null;
      readonly diagnostics: readonly Diagnostic[];
    }
  /** `problem`: what is wrong with it as a request; null: the diagnostics say it. */
  | { readonly ok: false; readonly problem: string | null; readonly diagnostics: readonly Diagnostic[] };

/** What a request comes to on a host. */
export interface Asked {
  readonly servers: readonly ServerDemand[];
  /** Cores that its vCPUs have reserved, context switches and main loops aside. */
  readonly reservedCores: Rational;
  readonly floorCores: Rational;
  readonly memoryBytes: Rational;
}

const ALLOWED: ReadonlySet<Sentence['kind']> = new Set(['offer', 'reserve', 'guarantee', 'limit', 'place']);

/** Reads a request and sees what it asks for on the host of a plan. Pure. */
export function readRequest(source: Source, facts: HostFacts): ReadRequest {
  const { model, diagnostics } = analyse(source);
  if (model === null) return { ok: false, problem: null, diagnostics };
  const problem = problemOf(model);
  if (problem !== null) return { ok: false, problem, diagnostics };
  const { asked, diagnostics: found } = askedBy(model, facts);
  const all = [...diagnostics, ...found];
  const wrong = all.some(({ severity, code }) => severity === 'error' && !code.startsWith('VMC4'));
  if (wrong) return { ok: false, problem: null, diagnostics: all };
  const [only] = askingClasses(model);
  // INVARIANT: a request has one class or one offer.
  const { name, maxGuests, vcpus } = only!;
  return { ok: true, request: { model, name, guests: maxGuests, vcpus }, asked, diagnostics: all };
}

/** Classes as declared, and those that offers come to. */
function askingClasses(model: Model): readonly Pick<GuestClass, 'name' | 'maxGuests' | 'vcpus'>[] {
  const offered = model.sentences.flatMap((one) =>
    one.kind === 'offer' ? [{ name: one.name, maxGuests: one.count, vcpus: one.vcpus }] : [],
  );
  return [...model.classes, ...offered];
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
  const asks = model.sentences.some(
    (one) => one.kind === 'reserve' || one.kind === 'guarantee' || (one.kind === 'offer' && asksFor(one)),
  );
  if (!asks) return 'a request asks for something: "reserve …" or "guarantee …"';
  const placed = model.sentences.some(({ kind }) => kind === 'place');
  const guaranteed = model.sentences.some((one) => one.kind === 'guarantee' && one.amounts.cpu !== null);
  return placed && guaranteed ? 'a guarantee of CPU on some cores only cannot be asked for' : null;
}

const asksFor = ({ reserve, guarantee, memoryBytes }: Extract<Sentence, { kind: 'offer' }>): boolean =>
  reserve !== null || guarantee !== null || memoryBytes !== null;

/** Null where it has errors of its own: nothing could keep it, on the whole host. */
export function askedBy(
  model: Model,
  facts: HostFacts,
): { readonly asked: Asked | null; readonly diagnostics: readonly Diagnostic[] } {
  const context = modelContext(model, facts);
  const situation: Situation = {
    modeId: 'always',
    example: null,
    active: context.model.sentences.map((sentence) => ({ sentence, certain: true })),
  };
  const demands = combine(situation, context);
  checkPromises({ ...context, demands, situation });
  const { findings, population } = context;
  if (findings.hasErrors) return { asked: null, diagnostics: findings.list };
  const [[key, declared] = ['', null]] = population.classes;
  const usable = declared ? rational(BigInt(declared.maxGuests * declared.vcpus)) : ZERO;
  const reserved = [...demands.reservations.values()].map(rateOf);
  const guests = rational(BigInt(declared?.maxGuests ?? 0));
  return {
    asked: {
      servers: serversOf(demands, population, context.host).map((one) => ({
        ...one,
        key: `${APART}${one.key}`,
      })),
      reservedCores: sum(reserved.map((rate) => ({ num: rate.num * guests.num, den: rate.den }))),
      floorCores: min(demands.floors.get(key)?.cores ?? ZERO, usable),
      memoryBytes: memoryOf(key, context, demands),
    },
    diagnostics: findings.list,
  };
}

/** No name in a plan has it: servers of a request are none of the plan's, whatever its class is called. */
const APART = '\u0000';

function memoryOf(
  key: string,
  { population }: ModelContext,
  { memoryFloors }: ReturnType<typeof combine>,
): Rational {
  const guests = BigInt(population.classes.get(key)?.maxGuests ?? 0);
  const each = memoryFloors.each.get(key)?.amount ?? ZERO;
  const together = memoryFloors.sum.get(key)?.amount ?? ZERO;
  return { num: each.num * guests * together.den + together.num * each.den, den: each.den * together.den };
}

/** The form in which a request reserves; null: it does not. */
export function reservedForm({ sentences }: Model): ReservationForm | null {
  for (const one of sentences) {
    if (one.kind === 'reserve') return one.form;
    if (one.kind === 'offer' && one.reserve) return one.reserve;
  }
  return null;
}

export const withForm = (model: Model, form: ReservationForm): Model => ({
  ...model,
  sentences: model.sentences.map((one): Sentence => {
    if (one.kind === 'reserve') return { ...one, form };
    return one.kind === 'offer' && one.reserve ? { ...one, reserve: form } : one;
  }),
});

/** The same for fewer, or more, guests. */
export const withGuests = (model: Model, guests: number): Model => ({
  ...model,
  classes: model.classes.map((one) => ({ ...one, maxGuests: guests })),
  sentences: model.sentences.map((one) => (one.kind === 'offer' ? { ...one, count: guests } : one)),
});

/** With this guarantee of CPU in place of its own: of each guest of an offer, and as the sentence says of a class. */
export const withGuarantee = (model: Model, cores: Rational): Model => ({
  ...model,
  sentences: model.sentences.map((one): Sentence => {
    const cpu = { kind: 'cores' as const, cores };
    if (one.kind === 'guarantee' && one.amounts.cpu) return { ...one, amounts: { ...one.amounts, cpu } };
    return one.kind === 'offer' && one.guarantee?.cpu
      ? { ...one, guarantee: { ...one.guarantee, cpu } }
      : one;
  }),
});
