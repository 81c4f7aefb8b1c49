import type { CstNode } from 'chevrotain';
import { buildCondition } from './build-condition.js';
import { buildConstraint, isConstraintRule } from './build-constraint.js';
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

/**
 * From Chevrotain's concrete tree to the syntax tree, sentence by sentence as they are read: a concrete tree is large,
 * and that of a whole file need not be held at once. What could not be read is not in it.
 */
export class TreeBuilder {
  readonly #reporter: Reporter;
  /** A sentence behind which there is a mistake waits until the mistakes are told: they make its end doubtful. */
  readonly #sentences: ({ readonly built: Statement | null } | { readonly waiting: CstNode })[] = [];

  constructor(reporter: Reporter) {
    this.#reporter = reporter;
  }

  add(sentence: CstNode, isSound: boolean): void {
    this.#sentences.push(isSound ? { built: this.#build(sentence) } : { waiting: sentence });
  }

  finish(lostNames: ReadonlySet<string>): Policy {
    const statements = this.#sentences.flatMap(
      (sentence) => ('built' in sentence ? sentence.built : this.#build(sentence.waiting)) ?? [],
    );
    reportLateImports(statements, this.#reporter);
    return { kind: 'policy', statements, lostNames };
  }

  #build(sentence: CstNode): Statement | null {
    return buildStatement(sentence, 'top', this.#reporter);
  }
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
  // A sentence is one child; where it could not be read there is none.
  const [rule] = Object.keys(node.children);
  const child = rule === undefined ? null : optionalNode(node, rule);
  if (rule === undefined || child === null) return null;
  if (isConstraintRule(rule)) return buildConstraint(rule, child, reporter);
  if (rule === 'when') return buildWhen(child, reporter);
  const build = DECLARATIONS[rule];
  return build === undefined ? null : buildDeclaration(rule, build(child, reporter), level, reporter);
}

type DeclarationBuilder = (node: CstNode, reporter: Reporter) => Declaration;

const DECLARATIONS: Readonly<Record<string, DeclarationBuilder>> = {
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

function buildDeclaration(
  rule: string,
  declaration: Declaration,
  level: Level,
  reporter: Reporter,
): Declaration {
  if (level === 'top') return declaration;
  const { start } = declaration.span;
  const keyword = rule === 'signalDeclaration' ? 'signal' : rule;
  const head: Span = { start, end: start + keyword.length };
  reporter.add(catalogue.guardedDeclaration.at(reporter.place(head), { keyword }));
  return declaration;
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
