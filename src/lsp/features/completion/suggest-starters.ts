import type { PolicyText } from '../../document/policy-text.js';
import { type Body, startsIn } from '../../forms/starts.js';
import { STATEMENT_DOCS } from '../../words/statement-docs.js';
import type { Suggestion } from './suggestion.js';

/** Properties of which there may be several. */
const REPEATABLE: ReadonlySet<string> = new Set(['match', 'task']);

/** What may begin in a body: sentences, properties not given yet, lines of a test. */
export function suggestStarters(
  text: PolicyText,
  body: Body,
  parent: number | null,
  rank: number,
): readonly Suggestion[] {
  const present = starterWords(text, parent);
  return [...startsIn(body).keys()].flatMap((starter) => {
    if (isSettled(starter, body, present)) return [];
    const doc = STATEMENT_DOCS[body][starter];
    const base = { label: starter, kind: isProperty(body) ? 'Property' : 'Keyword', rank } as const;
    if (doc === undefined) return [base];
    const documentation = `\`\`\`vmc\n${doc.form.split(' · ').join('\n')}\n\`\`\`\n${doc.meaning}`;
    return [{ ...base, documentation, insert: doc.snippet, isSnippet: true }];
  });
}

const isProperty = (body: Body): boolean => body === 'class' || body === 'host' || body === 'offer';

/** Whether it stands there already and may not stand there twice. */
function isSettled(starter: string, body: Body, present: ReadonlySet<string>): boolean {
  if (!present.has(starter)) return false;
  return isProperty(body)
    ? !REPEATABLE.has(starter)
    : (body === 'policy' && starter === 'host') || starter === 'at';
}

/** First words of the sentences in the same braces. */
function starterWords(text: PolicyText, parent: number | null): ReadonlySet<string> {
  const { sentences, tokens } = text.reading;
  return new Set(
    sentences.flatMap((sentence) =>
      sentence.parent === parent ? [tokens[sentence.first]?.image ?? ''] : [],
    ),
  );
}
