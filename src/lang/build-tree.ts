import type { CstNode } from 'chevrotain';
import { buildCondition } from './build-condition.js';
import { buildConstraint, CONSTRAINT_RULES } from './build-constraint.js';
import {
  buildGroup,
  buildHost,
  buildIgnore,
  buildImport,
  buildLet,
  buildSignalDeclaration,
  buildVm,
} from './build-declaration.js';
import { nameIn } from './build-quantity.js';
import { buildTest } from './build-test.js';
import { catalogue } from './catalogue.js';
import { childNode, childNodes, optionalNode, spanOfNode } from './cst.js';
import type { Reporter } from './reporter.js';
import type { Declaration, Policy, Span, Statement, When, WhenArm } from './tree.js';

/** From Chevrotain's concrete tree to the syntax tree. What could not be read is not in it. */
export function buildTree(policy: CstNode, lostNames: ReadonlySet<string>, reporter: Reporter): Policy {
  const statements = buildStatements(policy, 'top', reporter);
  reportLateImports(statements, reporter);
  return { kind: 'policy', statements, lostNames };
}

/** Imports stand first, so that it is seen at once which classes match before those of the file. */
function reportLateImports(statements: readonly Statement[], reporter: Reporter): void {
  const first = statements.find(({ kind }) => kind !== 'import');
  if (first === undefined) return;
  const top = { start: first.span.start, end: first.span.start };
  for (const { kind, span } of statements.slice(statements.indexOf(first))) {
    if (kind !== 'import') continue;
    const edits = [reporter.edit(top, `${reporter.textOf(span)}\n`), reporter.edit(span, '')];
    const fix = { title: 'Move it to the top', edits };
    reporter.add(catalogue.lateImport.at(reporter.place(span), {}, { fix }));
  }
}

type Level = 'top' | 'guarded';

function buildStatements(node: CstNode, level: Level, reporter: Reporter): readonly Statement[] {
  return childNodes(node, 'statement').flatMap(
    (statement) => buildStatement(statement, level, reporter) ?? [],
  );
}

function buildStatement(node: CstNode, level: Level, reporter: Reporter): Statement | null {
  for (const rule of CONSTRAINT_RULES) {
    const constraint = optionalNode(node, rule);
    if (constraint !== null) return buildConstraint(rule, constraint, reporter);
  }
  const when = optionalNode(node, 'when');
  if (when !== null) return buildWhen(when, reporter);
  return buildDeclaration(node, level, reporter);
}

const DECLARATIONS: Readonly<Record<string, (node: CstNode, reporter: Reporter) => Declaration>> = {
  import: buildImport,
  host: buildHost,
  vm: buildVm,
  group: buildGroup,
  ignore: buildIgnore,
  let: buildLet,
  signalDeclaration: buildSignalDeclaration,
  test: buildTest,
  switch: (node) => ({ kind: 'switch', name: nameIn(node), span: spanOfNode(node) }),
};

function buildDeclaration(node: CstNode, level: Level, reporter: Reporter): Declaration | null {
  for (const [rule, build] of Object.entries(DECLARATIONS)) {
    const child = optionalNode(node, rule);
    if (child === null) continue;
    const declaration = build(child, reporter);
    if (level === 'guarded') {
      const start = declaration.span.start;
      const keyword = rule === 'signalDeclaration' ? 'signal' : rule;
      const head: Span = { start, end: start + keyword.length };
      reporter.add(catalogue.guardedDeclaration.at(reporter.place(head), { keyword }));
    }
    return declaration;
  }
  return null;
}

function buildWhen(node: CstNode, reporter: Reporter): When {
  const otherwise = optionalNode(node, 'block');
  return {
    kind: 'when',
    arms: childNodes(node, 'arm').map((arm) => buildArm(arm, reporter)),
    otherwise: otherwise === null ? null : buildStatements(otherwise, 'guarded', reporter),
    span: spanOfNode(node),
  };
}

function buildArm(node: CstNode, reporter: Reporter): WhenArm {
  const condition = optionalNode(node, 'condition');
  return {
    condition:
      condition === null ? { kind: 'damaged', span: spanOfNode(node) } : buildCondition(condition, reporter),
    body: buildStatements(childNode(node, 'block'), 'guarded', reporter),
  };
}
