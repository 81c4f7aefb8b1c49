import { classModel, hostModel, ignoreModel, signalModel, unionModel } from './class-model.js';
import { ConditionModel } from './condition-model.js';
import type {
  Guard,
  IgnoredGuests,
  MechanismName,
  Model,
  ConstraintBody as ModelBody,
  Sentence,
} from './model.js';
import type { Reporter } from './reporter.js';
import type { Scope } from './scope.js';
import { exhaustedBody, sentenceBody } from './sentence-model.js';
import { TestModel } from './test-model.js';
import { isConstraint } from './traversal.js';
import type { Constraint, Policy, Statement, When } from './tree.js';
import { memoryNumber, sentenceNumber } from './written-number.js';

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

  build({ statements }: Policy): Model {
    const reporter = this.#reporter;
    const tests = new TestModel(this.#scope, this.#conditions, reporter);
    const all = <K extends Statement['kind']>(kind: K) =>
      statements.filter((statement): statement is Extract<Statement, { kind: K }> => statement.kind === kind);
    this.#collect(statements, []);
    return {
      file: reporter.source.file,
      host: hostModel(all('host')[0] ?? null, reporter),
      classes: all('class').map((declaration) => classModel(declaration, reporter)),
      unions: all('union').map((declaration) => unionModel(declaration, reporter)),
      ignores: this.#ignores(statements),
      switches: all('switch').map(({ name, span }) => ({ name: name.text, place: reporter.place(span) })),
      signals: all('signal').map((declaration) => signalModel(declaration, reporter)),
      conditions: all('let').map(({ name, span }) => ({
        name: name.text,
        condition: this.#conditions.named(name.text),
        place: reporter.place(span),
      })),
      sentences: this.#sentences,
      tests: all('test').map((test) => tests.of(test)),
    };
  }

  #ignores(statements: readonly Statement[]): readonly IgnoredGuests[] {
    const ignores: IgnoredGuests[] = [];
    let classes = 0;
    for (const statement of statements) {
      if (statement.kind === 'class') classes++;
      if (statement.kind === 'ignore') ignores.push(ignoreModel(statement, classes, this.#reporter));
    }
    return ignores;
  }

  #collect(statements: readonly Statement[], guards: readonly Guard[]): void {
    for (const statement of statements) {
      if (statement.kind === 'when') this.#collectArms(statement, guards);
      else if (isConstraint(statement)) this.#addConstraint(statement, guards);
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

  #addConstraint(constraint: Constraint, guards: readonly Guard[]): void {
    const body = sentenceBody(constraint, this.#scope, this.#conditions, this.#reporter);
    const budget = this.#add(body, constraint, guards);
    const then = constraint.kind === 'budget' ? exhaustedBody(constraint, this.#scope) : null;
    if (then === null) return;
    const place = this.#reporter.place(constraint.span);
    const spent: Guard = { condition: { kind: 'spent', budget }, expected: true, place };
    this.#add(then, constraint, [...guards, spent]);
  }

  /** The index of the sentence. */
  #add(body: ModelBody, constraint: Constraint, guards: readonly Guard[]): number {
    const { span, by } = constraint;
    const index = this.#sentences.length;
    this.#sentences.push({
      ...body,
      index,
      text: this.#reporter.textOf(span),
      number: sentenceNumber(constraint, this.#reporter),
      memoryNumber: memoryNumber(constraint, this.#reporter),
      place: this.#reporter.place(span),
      guards,
      by: by === null ? null : (by.text as MechanismName),
    });
    return index;
  }
}
