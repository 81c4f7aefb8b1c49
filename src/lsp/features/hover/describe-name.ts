import { parse } from '../../../lang/index.js';
import { type Declared, sentenceText } from '../../document/declarations.js';
import type { PolicyText } from '../../document/policy-text.js';
import { describeCondition } from './describe-condition.js';

const KINDS = {
  class: 'a class of guests',
  union: 'a union of classes',
  offer: 'guests on offer',
  condition: 'a condition',
  switch: 'a switch: the owner flips it with `vmc set`, and it is off until then',
  signal: 'a signal that something outside pushes; unknown until it is set and after its time',
} as const;

/** A declared name: its declaration and what it means. Markdown. */
export function describeName({ text, use }: Declared, from: PolicyText): string {
  const where = text.uri === from.uri ? '' : ` (${text.uri.slice(text.uri.lastIndexOf('/') + 1)})`;
  const meaning = use.declares === 'condition' ? conditionMeaning(text, use.sentence) : '';
  const declaration = `\`\`\`vmc\n${declarationText(text, use.sentence)}\n\`\`\``;
  return [declaration, `${capital(KINDS[use.declares])}${where}.`, meaning].filter(Boolean).join('\n\n');
}

/** The head of a declaration, and of one with braces the sentences in them. */
function declarationText(text: PolicyText, index: number): string {
  const { sentences } = text.reading;
  const head = sentenceText(text, index);
  if (sentences[index]?.opened === null) return head;
  const lines = sentences.flatMap((sentence, inner) =>
    sentence.parent === index ? [`  ${sentenceText(text, inner)}`] : [],
  );
  return [`${head} {`, ...lines, '}'].join('\n');
}

/** Empty where the condition cannot be read. */
function conditionMeaning(text: PolicyText, index: number): string {
  const { tree } = parse({ file: '', text: sentenceText(text, index, Number.POSITIVE_INFINITY) });
  const [statement] = tree.statements;
  if (statement?.kind !== 'let') return '';
  return `True while: ${describeCondition(statement.condition)}.`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
