import { invariant } from '../support/invariant.js';
import type {
  ClassUnion,
  GuestClass,
  GuestTask,
  HostDeclaration,
  IgnoredGuests,
  Matcher,
  MechanismName,
  PushedSignal,
} from './model.js';
import { nanosecondsOf, numberOf, sizeOf, wholeOf } from './quantities.js';
import type { Reporter } from './reporter.js';
import { PUSHED_TYPES } from './signals.js';
import type {
  ClassDeclaration,
  ClassProperty,
  HostBlock,
  IgnoreDeclaration,
  MatchTest,
  OfferTerm,
  Quantity,
  SignalDeclaration,
  UnionDeclaration,
} from './tree.js';
import { writtenNumber } from './written-number.js';

/** What QEMU's main loop gets where a class does not say: enough for its timers, little beside a vCPU. */
const DEFAULT_OVERHEAD = { budgetNs: 500_000n, periodNs: 10_000_000n };

export const countOf = (quantity: Quantity): number => Number(wholeOf(numberOf(quantity)));

export function hostModel(block: HostBlock | null, reporter: Reporter): HostDeclaration {
  const property = <K extends string>(kind: K) => block?.properties.find((it) => it.kind === kind) ?? null;
  const cores = property('cores');
  const memory = property('memory');
  const timezone = property('timezone');
  const mechanisms = property('mechanisms');
  return {
    cores: cores?.kind === 'cores' ? countOf(cores.value) : null,
    memoryBytes: memory?.kind === 'memory' ? wholeOf(sizeOf(memory.value)) : null,
    timezone: timezone?.kind === 'timezone' ? timezone.value.text : null,
    mechanisms:
      mechanisms?.kind === 'mechanisms'
        ? mechanisms.mechanisms.map(({ text }) => text as MechanismName)
        : null,
    place: block === null ? null : reporter.place(block.span),
  };
}

export function classModel(declaration: ClassDeclaration, reporter: Reporter): GuestClass {
  const { name, capacity, properties, span } = declaration;
  return {
    name: name.text,
    kind: capacity === null ? 'vm' : 'group',
    maxGuests: capacity === null ? 1 : countOf(capacity),
    ...guestModel(properties, reporter),
    matchers: properties.flatMap((property) =>
      property.kind === 'match' ? [property.tests.map(matcherOf)] : [],
    ),
    place: reporter.place({ start: span.start, end: name.span.end }),
  };
}

/** What a class and an offer both say of each guest. */
export function guestModel(
  properties: readonly (ClassProperty | OfferTerm)[],
  reporter: Reporter,
): Pick<GuestClass, 'vcpus' | 'writtenVcpus' | 'memoryBytes' | 'overhead' | 'tasks'> {
  const vcpus = quantityOf(properties, 'vcpus');
  const memory = quantityOf(properties, 'memory');
  const overhead = properties.find((property) => property.kind === 'overhead');
  invariant(vcpus !== null, 'guests were checked to have vcpus');
  return {
    vcpus: countOf(vcpus),
    writtenVcpus: writtenNumber(vcpus, reporter),
    memoryBytes: memory === null ? null : wholeOf(sizeOf(memory)),
    overhead:
      overhead === undefined
        ? DEFAULT_OVERHEAD
        : { budgetNs: nanosecondsOf(overhead.budget), periodNs: nanosecondsOf(overhead.period) },
    tasks: properties.flatMap((property): readonly GuestTask[] => {
      if (property.kind !== 'task') return [];
      const { name, cost, period, deadline } = property;
      const costNs = nanosecondsOf(cost);
      const periodNs = nanosecondsOf(period);
      const deadlineNs = nanosecondsOf(deadline ?? period);
      const written = {
        cost: writtenNumber(cost, reporter),
        ...(deadline === null ? {} : { deadline: writtenNumber(deadline, reporter) }),
      };
      return [{ name: name.text, costNs, periodNs, deadlineNs, ...written }];
    }),
  };
}

function quantityOf(
  properties: readonly (ClassProperty | OfferTerm)[],
  kind: 'vcpus' | 'memory',
): Quantity | null {
  for (const property of properties) if (property.kind === kind) return property.value;
  return null;
}

export function unionModel({ name, members, span }: UnionDeclaration, reporter: Reporter): ClassUnion {
  return { name: name.text, members: members.map(({ text }) => text), place: reporter.place(span) };
}

export function ignoreModel(
  { tests, span }: IgnoreDeclaration,
  beforeClass: number,
  reporter: Reporter,
): IgnoredGuests {
  return { matchers: tests.map(matcherOf), beforeClass, place: reporter.place(span) };
}

export function signalModel({ name, type, span }: SignalDeclaration, reporter: Reporter): PushedSignal {
  const modelType = PUSHED_TYPES.get(type.text);
  invariant(modelType !== undefined, `the grammar let ${type.text} pass as a type`);
  return { name: name.text, type: modelType, place: reporter.place(span) };
}

const matcherOf = ({ attribute, pattern }: MatchTest): Matcher => ({
  attribute: attribute.text as Matcher['attribute'],
  pattern: pattern.text,
});
