import { CLASS_SIGNALS, SIGNALS } from '../../../lang/signals.js';
import type { Span } from '../../../lang/tree.js';
import { declarationsNamed, type Project } from '../../document/declarations.js';
import { unquoted } from '../../document/names.js';
import type { PolicyText } from '../../document/policy-text.js';
import { dottedName, signalTypeOf } from '../../document/signal-type.js';
import type { Terminal } from '../../forms/form.js';
import { CLASS_SIGNAL_DOCS, SIGNAL_DOCS, SIGNAL_TYPE_WORDS } from '../../words/signal-docs.js';
import { STATEMENT_DOCS } from '../../words/statement-docs.js';
import { unitDoc } from '../../words/unit-docs.js';
import { WORD_DOCS } from '../../words/word-docs.js';
import { describeName } from './describe-name.js';

export interface Description {
  readonly span: Span;
  /** Markdown. */
  readonly text: string;
}

/** What the token of this index says; null where there is nothing to tell about it. */
export function describeToken(text: PolicyText, index: number, project: Project): Description | null {
  const terminal = text.reading.terminals[index];
  const token = text.reading.tokens[index];
  if (!terminal || token === undefined) return null;
  const span = text.tokenSpan(index);
  const described = (markdown: string | null | undefined): Description | null =>
    markdown ? { span, text: markdown } : null;
  switch (terminal.kind) {
    case 'reference':
    case 'declaration': {
      const declared = declarationsNamed(project, unquoted(token))[0];
      return described(declared && describeName(declared, text));
    }
    case 'segment':
      return describeSignal(text, index, project);
    case 'unit':
      return described(labelled(token.image, unitDoc(token.image)));
    case 'user':
      return described(WORD_DOCS['user']);
    case 'day':
    case 'day-set':
      return described(WORD_DOCS[token.image]);
    case 'word':
      return describeWord(text, index, terminal, project);
    default:
      return null;
  }
}

function describeWord(
  text: PolicyText,
  index: number,
  { word, role }: Extract<Terminal, { kind: 'word' }>,
  project: Project,
): Description | null {
  if (role === 'signal') return describeSignal(text, index + 2, project);
  if (role === 'unit') return describePercent(text, index);
  const span = text.tokenSpan(index);
  const sentence = text.reading.sentences[text.sentenceOfToken(index) ?? -1];
  const doc = sentence?.first === index ? STATEMENT_DOCS[sentence.body][word] : undefined;
  if (doc !== undefined) {
    const forms = doc.form.split(' · ').join('\n');
    return { span, text: `\`\`\`vmc\n${forms}\n\`\`\`\n${doc.meaning}` };
  }
  const known = WORD_DOCS[word];
  return known === undefined ? null : { span, text: labelled(word, known) ?? '' };
}

/** The whole dotted name that the token of this index is in. */
function describeSignal(text: PolicyText, index: number, project: Project): Description | null {
  const { tokens } = text.reading;
  let last = index;
  while (tokens[last + 1]?.image === '.') last += 2;
  const path = dottedName(tokens, last);
  const first = last - 2 * (path.length - 1);
  const isQuoted = tokens[first]?.image.startsWith('"') ?? false;
  const type = signalTypeOf(path, isQuoted, project);
  if (type === null) return null;
  const name = path.join('.');
  const isFixed = !isQuoted && SIGNALS.has(name);
  const rest = path.slice(1).join('.');
  const doc = isFixed ? SIGNAL_DOCS[name] : CLASS_SIGNALS.has(rest) ? CLASS_SIGNAL_DOCS[rest] : '';
  const span = { start: text.tokenSpan(first).start, end: text.tokenSpan(last).end };
  return { span, text: `\`${name}\`: ${SIGNAL_TYPE_WORDS[type]}\n\n${doc}` };
}

/** `%` with the words of its unit behind it. */
function describePercent(text: PolicyText, index: number): Description | null {
  const { tokens, terminals } = text.reading;
  const isUnitWord = (at: number): boolean => {
    const terminal = terminals[at];
    return terminal?.kind === 'word' && terminal.role === 'unit';
  };
  let [first, last] = [index, index];
  while (isUnitWord(first - 1)) first--;
  while (isUnitWord(last + 1)) last++;
  const form = tokens
    .slice(first, last + 1)
    .map(({ image }) => image)
    .join(' ');
  const doc = labelled(form, unitDoc(form));
  const span = { start: text.tokenSpan(first).start, end: text.tokenSpan(last).end };
  return doc === null ? null : { span, text: doc };
}

const labelled = (word: string, doc: string | null): string | null =>
  doc === null ? null : `\`${word}\`: ${doc}`;
