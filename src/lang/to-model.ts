import { invariant, unreachable } from '../support/invariant.js';
import { ConditionModel } from './condition-model.js';
import type {
  ClassUnion,
  CpuAmount,
  Guard,
  GuestClass,
  HostDeclaration,
  Matcher,
  MechanismName,
  Model,
  ConstraintBody as ModelBody,
  Subject as ModelSubject,
  Sentence,
} from './model.js';
import { cpuOf, numberOf, sizeOf, timeOf, wholeOf } from './quantities.js';
import type { Reporter } from './reporter.js';
import type { Scope } from './scope.js';
import { isConstraint } from './traversal.js';
import type {
  ClassDeclaration,
  Constraint,
  HostBlock,
  Policy,
  Quantity,
  Statement,
  Subject,
  UnionDeclaration,
  When,
} from './tree.js';

/** What QEMU's main loop gets where a class does not say: enough for its timers, little beside a vCPU. */
const DEFAULT_OVERHEAD = { budgetNs: 500_000n, periodNs: 10_000_000n };

/** The model of a policy without errors. */
export function toModel(policy: Policy, scope: Scope, reporter: Reporter): Model {
  return new ModelBuilder(scope, reporter).build(policy);
}

class ModelBuilder {
  readonly #scope: Scope;
  readonly #reporter: Reporter;
  readonly #conditions: ConditionModel;
  readonly #sentences: Sentence[] = [];

  constructor(scope: Scope, reporter: Reporter) {
    this.#scope = scope;
    this.#reporter = reporter;
    this.#conditions = new ConditionModel(scope);
  }

  build(policy: Policy): Model {
    this.#collect(policy.statements, []);
    const { statements } = policy;
    return {
      file: this.#reporter.source.file,
      host: this.#host(statements.find((statement) => statement.kind === 'host') ?? null),
      classes: statements.filter((statement) => statement.kind === 'class').map((it) => this.#class(it)),
      unions: statements.filter((statement) => statement.kind === 'union').map((it) => this.#union(it)),
      switches: statements
        .filter((statement) => statement.kind === 'switch')
        .map(({ name, span }) => ({ name: name.text, place: this.#reporter.place(span) })),
      conditions: statements
        .filter((statement) => statement.kind === 'let')
        .map(({ name, span }) => ({
          name: name.text,
          condition: this.#conditions.named(name.text),
          place: this.#reporter.place(span),
        })),
      sentences: this.#sentences,
    };
  }

  #host(block: HostBlock | null): HostDeclaration {
    const property = <K extends string>(kind: K) => block?.properties.find((it) => it.kind === kind) ?? null;
    const cores = property('cores');
    const memory = property('memory');
    const timezone = property('timezone');
    const mechanisms = property('mechanisms');
    return {
      cores: cores?.kind === 'cores' ? Number(wholeOf(numberOf(cores.value))) : null,
      memoryBytes: memory?.kind === 'memory' ? wholeOf(sizeOf(memory.value)) : null,
      timezone: timezone?.kind === 'timezone' ? timezone.value.text : null,
      mechanisms:
        mechanisms?.kind === 'mechanisms'
          ? mechanisms.mechanisms.map(({ text }) => text as MechanismName)
          : null,
      place: block === null ? null : this.#reporter.place(block.span),
    };
  }

  #class(declaration: ClassDeclaration): GuestClass {
    const { name, capacity, properties, span } = declaration;
    const vcpus = properties.find((property) => property.kind === 'vcpus');
    const memory = properties.find((property) => property.kind === 'memory');
    const overhead = properties.find((property) => property.kind === 'overhead');
    invariant(vcpus?.kind === 'vcpus', `${name.text} was checked to have vcpus`);
    return {
      name: name.text,
      kind: capacity === null ? 'vm' : 'group',
      maxGuests: capacity === null ? 1 : Number(wholeOf(numberOf(capacity))),
      vcpus: Number(wholeOf(numberOf(vcpus.value))),
      memoryBytes: memory?.kind === 'memory' ? wholeOf(sizeOf(memory.value)) : null,
      overhead:
        overhead?.kind === 'overhead'
          ? { budgetNs: nanoseconds(overhead.budget), periodNs: nanoseconds(overhead.period) }
          : DEFAULT_OVERHEAD,
      matchers: properties.flatMap((property) =>
        property.kind === 'match'
          ? [
              property.tests.map((test): Matcher => {
                const attribute = test.attribute.text as Matcher['attribute'];
                return { attribute, pattern: test.pattern.text };
              }),
            ]
          : [],
      ),
      place: this.#reporter.place({ start: span.start, end: name.span.end }),
    };
  }

  #union({ name, members, span }: UnionDeclaration): ClassUnion {
    return { name: name.text, members: members.map(({ text }) => text), place: this.#reporter.place(span) };
  }

  #collect(statements: readonly Statement[], guards: readonly Guard[]): void {
    for (const statement of statements) {
      if (statement.kind === 'when') this.#collectArms(statement, guards);
      else if (isConstraint(statement)) this.#addSentence(statement, guards);
    }
  }

  #collectArms(when: When, outer: readonly Guard[]): void {
    let failed = outer;
    for (const arm of when.arms) {
      const condition = this.#conditions.of(arm.condition);
      const place = this.#reporter.place(arm.condition.span);
      this.#collect(arm.body, [...failed, { condition, expected: true, place }]);
      failed = [...failed, { condition, expected: false, place }];
    }
    if (when.otherwise !== null) this.#collect(when.otherwise, failed);
  }

  #addSentence(constraint: Constraint, guards: readonly Guard[]): void {
    this.#sentences.push({
      ...this.#body(constraint),
      index: this.#sentences.length,
      text: this.#reporter.textOf(constraint.span),
      place: this.#reporter.place(constraint.span),
      guards,
      by: constraint.by === null ? null : (constraint.by.text as MechanismName),
    });
  }

  #body(constraint: Constraint): ModelBody {
    switch (constraint.kind) {
      case 'keep':
        return { kind: 'keep', amount: cpuAmount(constraint.amount) };
      case 'limit':
      case 'guarantee': {
        const { kind, each } = constraint;
        return {
          kind,
          subject: this.#subject(constraint.subject),
          each,
          amount: cpuAmount(constraint.amount),
        };
      }
      case 'reserve':
        return {
          kind: 'reserve',
          subject: this.#subject(constraint.subject),
          budgetNs: nanoseconds(constraint.budget),
          periodNs: nanoseconds(constraint.period),
        };
      case 'run':
        return {
          kind: 'run',
          subject: this.#subject(constraint.subject),
          runNs: nanoseconds(constraint.budget),
          periodNs: nanoseconds(constraint.period),
        };
      case 'share':
        return {
          kind: 'share',
          parts: constraint.parts.map(({ subject, proportion }) => {
            const value = numberOf(proportion);
            invariant(value !== null, 'a proportion was checked to be a number');
            return { subject: this.#subject(subject), proportion: value };
          }),
        };
      case 'pause':
        return { kind: 'pause', subject: this.#subject(constraint.subject) };
      default:
        return unreachable(constraint);
    }
  }

  #subject(subject: Subject): ModelSubject {
    if (subject.kind !== 'named') return { kind: subject.kind };
    const declared = this.#scope.find(subject.name.text);
    invariant(declared?.kind === 'class' || declared?.kind === 'union', 'subjects were checked to exist');
    return { kind: declared.kind, name: subject.name.text };
  }
}

const nanoseconds = (quantity: Quantity): bigint => wholeOf(timeOf(quantity));

function cpuAmount(quantity: Quantity): CpuAmount {
  const amount = cpuOf(quantity);
  invariant(amount !== null, 'an amount was checked to be one of CPU');
  return amount;
}
