import { type CompletionItem, CompletionItemKind, InsertTextFormat } from 'vscode-languageserver';
import type { PolicyText } from '../document/policy-text.js';
import type { Completions } from '../features/completion/complete.js';

/** Suggestions as the protocol has them; a client without snippets gets the label alone. */
export function protocolCompletions(
  text: PolicyText,
  { replace, suggestions }: Completions,
  snippets: boolean,
): CompletionItem[] {
  const range = text.range(replace);
  return suggestions.map((suggestion, index) => {
    const { label, kind, rank, detail, documentation, insert, isSnippet = false } = suggestion;
    const isPlain = isSnippet && !snippets;
    return {
      label,
      kind: CompletionItemKind[kind],
      ...(detail ? { detail } : {}),
      ...(documentation ? { documentation: { kind: 'markdown', value: documentation } } : {}),
      sortText: `${rank}${String(index).padStart(4, '0')}`,
      textEdit: { range, newText: isPlain ? label : (insert ?? label) },
      insertTextFormat: isSnippet && !isPlain ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    };
  });
}
