import type { CstNode } from 'chevrotain';
import { buildEvery } from './build-amount.js';
import { buildCondition } from './build-condition.js';
import { nameIn, readName, readQuantity, readText, readWord } from './build-quantity.js';
import { catalogue } from './catalogue.js';
import {
  childNode,
  childNodes,
  hasKeyword,
  optionalNode,
  optionalSign,
  sign,
  signs,
  spanOfNode,
} from './cst.js';
import { isDamaged } from './lexer.js';
import type { Reporter } from './reporter.js';
import type {
  ClassDeclaration,
  ClassProperty,
  Declaration,
  HostBlock,
  HostProperty,
  IgnoreDeclaration,
  ImportDeclaration,
  LetDeclaration,
  MatchTest,
  SignalDeclaration,
  TaskProperty,
} from './tree.js';

export function buildHost(node: CstNode, reporter: Reporter): HostBlock {
  const settings = childNodes(childNode(node, 'hostBody'), 'hostProperty').flatMap(settingOf);
  const properties = settings.map((setting) => buildHostProperty(setting, reporter));
  return { kind: 'host', properties, span: spanOfNode(node) };
}

/** A property that could not be read leaves a node without children behind. */
function settingOf(property: CstNode): readonly CstNode[] {
  return [...childNodes(property, 'hostSetting'), ...childNodes(property, 'classSetting')];
}

function buildHostProperty(node: CstNode, reporter: Reporter): HostProperty {
  const span = spanOfNode(node);
  if (hasKeyword(node, 'timezone')) return { kind: 'timezone', value: readText(sign(node, 'Text')), span };
  if (hasKeyword(node, 'mechanisms')) {
    return { kind: 'mechanisms', mechanisms: signs(node, 'Mechanism').map(readWord), span };
  }
  const kind = hasKeyword(node, 'cores') ? 'cores' : 'memory';
  const wanted = kind === 'cores' ? 'number' : 'size';
  return { kind, value: readQuantity(childNode(node, 'quantity'), wanted, reporter), span };
}

export function buildVm(node: CstNode, reporter: Reporter): ClassDeclaration {
  return { kind: 'class', name: nameIn(node), capacity: null, ...buildClassBody(node, reporter) };
}

export function buildGroup(node: CstNode, reporter: Reporter): Declaration {
  const members = optionalNode(node, 'members');
  if (members !== null) {
    const names = childNodes(members, 'name').map(readName);
    return { kind: 'union', name: nameIn(node), members: names, span: spanOfNode(node) };
  }
  const capacity = readQuantity(childNode(childNode(node, 'capacity'), 'quantity'), 'number', reporter);
  return { kind: 'class', name: nameIn(node), capacity, ...buildClassBody(node, reporter) };
}

function buildClassBody(
  node: CstNode,
  reporter: Reporter,
): Pick<ClassDeclaration, 'properties' | 'damaged' | 'span'> {
  const body = childNode(node, 'classBody');
  const all = childNodes(body, 'classProperty');
  const settings = all.flatMap(settingOf);
  const properties = settings.map((setting) => buildClassProperty(setting, reporter));
  const damaged = settings.length < all.length || isDamagedBody(body);
  return { properties, damaged, span: spanOfNode(node) };
}

/** Whether something between the braces could not be read, or one of them is missing. */
export function isDamagedBody(body: CstNode): boolean {
  const open = optionalSign(body, 'LCurly');
  return open === null || isDamaged(open);
}

function buildClassProperty(node: CstNode, reporter: Reporter): ClassProperty {
  const match = optionalNode(node, 'match');
  if (match === null) return buildNeed(childNode(node, 'need'), reporter);
  return { kind: 'match', tests: buildTests(match, reporter), span: spanOfNode(node) };
}

/** What guests of a class and of an offer alike are said to need. */
export function buildNeed(
  node: CstNode,
  reporter: Reporter,
): Exclude<ClassProperty, { readonly kind: 'match' }> {
  const span = spanOfNode(node);
  const task = optionalNode(node, 'task');
  if (task !== null) return buildTask(task, reporter);
  if (hasKeyword(node, 'overhead')) return { kind: 'overhead', ...buildEvery(node, reporter), span };
  const kind = hasKeyword(node, 'vcpus') ? 'vcpus' : 'memory';
  const wanted = kind === 'vcpus' ? 'number' : 'size';
  return { kind, value: readQuantity(childNode(node, 'quantity'), wanted, reporter), span };
}

function buildTask(node: CstNode, reporter: Reporter): TaskProperty {
  const { budget, period } = buildEvery(node, reporter);
  const deadline = optionalNode(node, 'quantity');
  return {
    kind: 'task',
    name: nameIn(node),
    cost: budget,
    period,
    deadline: deadline === null ? null : readQuantity(deadline, 'time', reporter),
    span: spanOfNode(node),
  };
}

function buildTests(node: CstNode, reporter: Reporter): readonly MatchTest[] {
  return childNodes(node, 'matchTest').map((test) => {
    const attribute = readWord(sign(test, 'MatchAttribute'));
    const pattern = nameIn(test);
    if (!pattern.quoted && attribute.text !== 'user') {
      const parameters = { attribute: attribute.text, pattern: pattern.text };
      const fix = reporter.replacement(pattern.span, `"${pattern.text}"`);
      reporter.add(catalogue.barePattern.at(reporter.place(pattern.span), parameters, { fix }));
    }
    return { attribute, pattern };
  });
}

export function buildLet(node: CstNode, reporter: Reporter): LetDeclaration {
  const condition = buildCondition(childNode(node, 'condition'), reporter);
  return { kind: 'let', name: nameIn(node), condition, span: spanOfNode(node) };
}

export function buildImport(node: CstNode): ImportDeclaration {
  return { kind: 'import', path: readText(sign(node, 'Text')), span: spanOfNode(node) };
}

export function buildIgnore(node: CstNode, reporter: Reporter): IgnoreDeclaration {
  return { kind: 'ignore', tests: buildTests(childNode(node, 'match'), reporter), span: spanOfNode(node) };
}

export function buildSignalDeclaration(node: CstNode): SignalDeclaration {
  const type = readWord(sign(node, 'SignalType'));
  return { kind: 'signal', name: nameIn(node), type, span: spanOfNode(node) };
}
