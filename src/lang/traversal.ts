import type {
  Condition,
  Constraint,
  Declaration,
  LetDeclaration,
  Policy,
  SignalReference,
  Statement,
  TestDeclaration,
  TestLine,
  When,
} from './tree.js';

interface Placed<S extends Statement> {
  readonly statement: S;
  /** Whether it stands in a `when`. */
  readonly guarded: boolean;
}

/** What most checks go through, found once for a policy, each in the order of the text. */
interface Outline {
  readonly statements: readonly Placed<Statement>[];
  readonly constraints: readonly Placed<Constraint>[];
  readonly tests: readonly TestDeclaration[];
  readonly roots: readonly RootCondition[];
}

const outlines = new WeakMap<Policy, Outline>();

function outlineOf(policy: Policy): Outline {
  const known = outlines.get(policy);
  if (known !== undefined) return known;
  const statements: Placed<Statement>[] = [];
  visitStatements(policy.statements, false, statements);
  const constraints = statements.filter((placed): placed is Placed<Constraint> =>
    isConstraint(placed.statement),
  );
  const tests = policy.statements.filter((statement) => statement.kind === 'test');
  const outline = { statements, constraints, tests, roots: findRootConditions(statements, tests) };
  outlines.set(policy, outline);
  return outline;
}

/** Blocks nest at most as deep as the parser allows. */
function visitStatements(
  statements: readonly Statement[],
  guarded: boolean,
  found: Placed<Statement>[],
): void {
  for (const statement of statements) {
    found.push({ statement, guarded });
    if (statement.kind === 'when') for (const body of bodiesOf(statement)) visitStatements(body, true, found);
  }
}

/** Visits every constraint, with whether a `when` guards it. */
export function eachConstraint(
  policy: Policy,
  visit: (constraint: Constraint, guarded: boolean) => void,
): void {
  for (const { statement, guarded } of outlineOf(policy).constraints) visit(statement, guarded);
}

export function eachWhen(policy: Policy, visit: (when: When) => void): void {
  eachStatement(policy, (statement) => {
    if (statement.kind === 'when') visit(statement);
  });
}

/** Visits every declaration, constraint and `when`, in the order of the text. */
export function eachStatement(policy: Policy, visit: (statement: Statement, guarded: boolean) => void): void {
  for (const { statement, guarded } of outlineOf(policy).statements) visit(statement, guarded);
}

/** The statements of every arm, `otherwise` last. */
export function bodiesOf(when: When): readonly (readonly Statement[])[] {
  const arms = when.arms.map(({ body }) => body);
  return when.otherwise === null ? arms : [...arms, when.otherwise];
}

export function eachTestLine(policy: Policy, visit: (line: TestLine, test: TestDeclaration) => void): void {
  for (const test of outlineOf(policy).tests) for (const line of test.lines) visit(line, test);
}

/** A condition as it stands in the text, before names are replaced. */
export interface RootCondition {
  readonly condition: Condition;
  /** Null in a `when`, a `while` or an `expect that`. */
  readonly definition: LetDeclaration | null;
}

/** In the order of the text, those of tests last. */
export const rootConditions = (policy: Policy): readonly RootCondition[] => outlineOf(policy).roots;

function findRootConditions(
  statements: readonly Placed<Statement>[],
  tests: readonly TestDeclaration[],
): readonly RootCondition[] {
  const roots: RootCondition[] = [];
  const add = (condition: Condition) => roots.push({ condition, definition: null });
  for (const { statement } of statements) {
    if (statement.kind === 'let') roots.push({ condition: statement.condition, definition: statement });
    else if (statement.kind === 'when') for (const { condition } of statement.arms) add(condition);
    else if (statement.kind === 'assert' && statement.while !== null) add(statement.while);
  }
  for (const line of tests.flatMap(({ lines }) => lines)) {
    if (line.kind === 'expect-that') add(line.condition);
  }
  return roots;
}

/** Visits a condition and all conditions within it. */
export function eachPart(condition: Condition, visit: (part: Condition) => void): void {
  visit(condition);
  for (const operand of operandsOf(condition)) eachPart(operand, visit);
}

export function operandsOf(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return condition.operands;
    case 'not':
    case 'assuming':
      return [condition.operand];
    case 'except':
      return [condition.base, ...condition.removed];
    default:
      return [];
  }
}

/** Visits every part of every condition of a policy. */
export function eachConditionPart(policy: Policy, visit: (part: Condition) => void): void {
  for (const { condition } of rootConditions(policy)) eachPart(condition, visit);
}

/** The name that a condition refers to when it is just a name: a `let`, a switch or a signal that is pushed. */
export function bareNameOf(signal: SignalReference): string | null {
  return signal.head.kind === 'named' && signal.path.length === 0 ? signal.head.name.text : null;
}

const OTHERS: ReadonlySet<Statement['kind']> = new Set<Declaration['kind'] | 'when'>([
  'import',
  'host',
  'class',
  'union',
  'ignore',
  'let',
  'switch',
  'signal',
  'test',
  'when',
]);

export const isConstraint = (statement: Statement): statement is Constraint => !OTHERS.has(statement.kind);
