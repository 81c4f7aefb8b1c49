import { type DocumentSymbol, SymbolKind } from 'vscode-languageserver';
import { sentenceText } from '../document/declarations.js';
import { unquoted } from '../document/names.js';
import type { PolicyText } from '../document/policy-text.js';
import type { Sentence } from '../document/read-sentences.js';
import type { DeclaredKind } from '../forms/form.js';

const KINDS: Readonly<Record<DeclaredKind, SymbolKind>> = {
  class: SymbolKind.Class,
  union: SymbolKind.Interface,
  offer: SymbolKind.Struct,
  condition: SymbolKind.Boolean,
  switch: SymbolKind.Property,
  signal: SymbolKind.Variable,
  task: SymbolKind.Function,
};

/** Of what declares no name, by its first word. */
const STARTER_KINDS: Readonly<Record<string, SymbolKind>> = {
  import: SymbolKind.Module,
  host: SymbolKind.Object,
  ignore: SymbolKind.Null,
  test: SymbolKind.Method,
  when: SymbolKind.Namespace,
  otherwise: SymbolKind.Namespace,
};

const NAME_LENGTH = 60;

/** The outline of a text: declarations, sentences, and what stands in braces below what opens them. */
export function symbolsOf(text: PolicyText): readonly DocumentSymbol[] {
  const { sentences } = text.reading;
  const symbols = sentences.map((sentence, index) => symbolOf(text, sentence, index));
  const top: DocumentSymbol[] = [];
  sentences.forEach(({ parent }, index) => {
    const symbol = symbols[index];
    if (symbol === undefined) return;
    const owner = parent === null ? undefined : symbols[parent];
    if (owner === undefined) top.push(symbol);
    else owner.children?.push(symbol);
  });
  return top;
}

function symbolOf(text: PolicyText, sentence: Sentence, index: number): DocumentSymbol {
  const { tokens, terminals } = text.reading;
  const starter = tokens[sentence.first]?.image ?? '';
  const named = declarationIn(text, sentence);
  const name = named === null ? sentenceText(text, index, NAME_LENGTH) : unquoted(tokens[named]!);
  const terminal = named === null ? null : terminals[named];
  const kind =
    terminal?.kind === 'declaration'
      ? KINDS[terminal.declares]
      : (STARTER_KINDS[starter] ?? otherKind(sentence));
  const selection = named === null ? text.spanOf(sentence) : text.tokenSpan(named);
  return {
    // The protocol wants a name that is not empty.
    name: name === '' ? starter : name,
    detail: detailOf(text, sentence, index, named !== null),
    kind,
    range: text.range(text.fullSpanOf(sentence)),
    selectionRange: text.range(selection),
    children: [],
  };
}

const otherKind = ({ body }: Sentence): SymbolKind =>
  body === 'class' || body === 'host' || body === 'offer' ? SymbolKind.Field : SymbolKind.Event;

/** Index of the token that is the name, or the title, of a declaration. */
function declarationIn({ reading }: PolicyText, { first, end }: Sentence): number | null {
  for (let at = first; at < end; at++) {
    const terminal = reading.terminals[at];
    const isTitle =
      terminal?.kind === 'text' && (terminal.content === 'title' || terminal.content === 'path');
    if (terminal?.kind === 'declaration' || isTitle) return at;
  }
  return null;
}

/** What stands beside the name: the rest of a short declaration, the first word of the others. */
function detailOf(text: PolicyText, sentence: Sentence, index: number, isNamed: boolean): string {
  if (!isNamed) return '';
  const starter = text.reading.tokens[sentence.first]?.image ?? '';
  const line = sentenceText(text, index);
  const value = line.slice(line.indexOf('=') + 1).trim();
  if (starter === 'let' || (starter === 'group' && sentence.opened === null)) return value;
  return sentence.opened === null ? line : starter;
}
