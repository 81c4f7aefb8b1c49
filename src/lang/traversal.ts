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

/** Visits every constraint, with whether a `when` guards it. Blocks nest at most as deep as the parser allows. */
export function eachConstraint(
  policy: Policy,
  visit: (constraint: Constraint, guarded: boolean) => void,
): void {
  eachStatement(policy, (statement, guarded) => {
    if (isConstraint(statement)) visit(statement, guarded);
  });
}

export function eachWhen(policy: Policy, visit: (when: When) => void): void {
  eachStatement(policy, (statement) => {
    if (statement.kind === 'when') visit(statement);
  });
}

/** Visits every declaration, constraint and `when`, in the order of the text. */
export function eachStatement(policy: Policy, visit: (statement: Statement, guarded: boolean) => void): void {
  visitStatements(policy.statements, visit);
}

function visitStatements(
  statements: readonly Statement[],
  visit: (statement: Statement, guarded: boolean) => void,
  guarded = false,
): void {
  for (const statement of statements) {
    visit(statement, guarded);
    if (statement.kind === 'when') for (const body of bodiesOf(statement)) visitStatements(body, visit, true);
  }
}

/** The statements of every arm, `otherwise` last. */
export function bodiesOf(when: When): readonly (readonly Statement[])[] {
  const arms = when.arms.map(({ body }) => body);
  return when.otherwise === null ? arms : [...arms, when.otherwise];
}

export function eachTestLine(policy: Policy, visit: (line: TestLine, test: TestDeclaration) => void): void {
  for (const statement of policy.statements) {
    if (statement.kind === 'test') for (const line of statement.lines) visit(line, statement);
  }
}

/** A condition as it stands in the text, before names are replaced. */
export interface RootCondition {
  readonly condition: Condition;
  /** Null in a `when`, a `while` or an `expect that`. */
  readonly definition: LetDeclaration | null;
}

const rootsOf = new WeakMap<Policy, readonly RootCondition[]>();

/** In the order of the text; found once, for most checks ask for them. */
export function rootConditions(policy: Policy): readonly RootCondition[] {
  const known = rootsOf.get(policy);
  if (known !== undefined) return known;
  const found = findRootConditions(policy);
  rootsOf.set(policy, found);
  return found;
}

function findRootConditions(policy: Policy): readonly RootCondition[] {
  const roots: RootCondition[] = [];
  const add = (condition: Condition) => roots.push({ condition, definition: null });
  eachStatement(policy, (statement) => {
    if (statement.kind === 'let') roots.push({ condition: statement.condition, definition: statement });
    else if (statement.kind === 'when') for (const { condition } of statement.arms) add(condition);
    else if (statement.kind === 'assert' && statement.while !== null) add(statement.while);
  });
  eachTestLine(policy, (line) => {
    if (line.kind === 'expect-that') add(line.condition);
  });
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
