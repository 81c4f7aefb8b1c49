import type { CompletionItemKind } from 'vscode-languageserver';

/** Something that may stand at the cursor. */
export interface Suggestion {
  /** What is shown, compared with what is typed, and inserted unless `insert` is given. */
  readonly label: string;
  readonly kind: keyof typeof CompletionItemKind;
  /** Suggestions of a lower rank come first; 0 to 9. */
  readonly rank: number;
  /** Shown beside the label. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** Text, or a snippet where `isSnippet`. */
  readonly insert?: string;
  readonly isSnippet?: boolean;
}
