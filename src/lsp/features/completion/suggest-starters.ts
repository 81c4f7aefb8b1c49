import type { PolicyText } from '../../document/policy-text.js';
import { type Body, startsIn } from '../../forms/starts.js';
import { STATEMENT_DOCS } from '../../words/statement-docs.js';
import type { Suggestion } from './suggestion.js';

/** Properties of which there may be several. */
const REPEATABLE: ReadonlySet<string> = new Set(['match', 'task']);

/** What may begin in a body: sentences, properties not given yet, lines of a test. */
export function suggestStarters(
  text: PolicyText,
  { body, parent, offset }: { readonly body: Body; readonly parent: number | null; readonly offset: number },
  rank: number,
): readonly Suggestion[] {
  const present = starterWords(text, parent, Number.POSITIVE_INFINITY);
  const before = starterWords(text, parent, offset);
  const isMisplaced = (starter: string): boolean =>
    (starter === 'import' && [...before].some((word) => word !== 'import')) ||
    (starter === 'otherwise' && !isBehindWhen(text, parent, offset));
  return [...startsIn(body).keys()].flatMap((starter) => {
    if (isSettled(starter, body, present) || isMisplaced(starter)) return [];
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

/** First words of the sentences in the same braces, in front of an offset. */
function starterWords(text: PolicyText, parent: number | null, offset: number): ReadonlySet<string> {
  const { sentences, tokens } = text.reading;
  return new Set(
    sentences.flatMap((sentence) => {
      const first = tokens[sentence.first];
      return sentence.parent === parent && first && first.startOffset < offset ? [first.image] : [];
    }),
  );
}

/** Whether the sentence in front, in the same braces, is a block that can go on. */
function isBehindWhen(text: PolicyText, parent: number | null, offset: number): boolean {
  const { sentences, tokens } = text.reading;
  const before = sentences.findLast(
    ({ first, parent: own }) => own === parent && (tokens[first]?.startOffset ?? 0) < offset,
  );
  if (before === undefined) return false;
  const words = tokens.slice(before.first, before.first + 2).map(({ image }) => image);
  return words[0] === 'when' || words.join(' ') === 'otherwise when';
}
