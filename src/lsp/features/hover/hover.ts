import type { Hover } from 'vscode-languageserver';
import type { Diagnostic } from '../../../lang/index.js';
import { commentAt } from '../../document/comments.js';
import type { Project } from '../../document/declarations.js';
import type { PolicyText } from '../../document/policy-text.js';
import { describeToken } from './describe-token.js';

/** What hovers tell beside what the text itself says. */
export interface HoverSources {
  /** What the sentence that begins at this offset was compiled to, as Markdown; null while that is not known. */
  readonly compiled: (start: number) => string | null;
  /** The diagnostics of the text. */
  readonly diagnostics: readonly Diagnostic[];
  /** The title and the address of a diagnostic's page; null for a code that does not exist. */
  readonly page: (code: string) => { readonly title: string; readonly href: string } | null;
}

/** What an editor shows for an offset; null where there is nothing to say. */
export function hoverAt(
  text: PolicyText,
  offset: number,
  project: Project,
  sources: HoverSources,
): Hover | null {
  const comment = commentAt(text.text, offset);
  if (comment !== null) return hoverInComment(text, offset, sources);
  const index = text.tokenAt(offset);
  const token = index === null ? null : describeToken(text, index, project);
  const parts = [
    token?.text,
    index === null ? null : compiledAt(text, index, sources),
    ...pagesAt(offset, sources),
  ].filter((part) => part !== null && part !== undefined);
  if (parts.length === 0) return null;
  const span = token?.span ?? (index === null ? null : text.tokenSpan(index));
  return {
    contents: { kind: 'markdown', value: parts.join('\n\n---\n\n') },
    ...(span === null ? {} : { range: text.range(span) }),
  };
}

function compiledAt(text: PolicyText, token: number, { compiled }: HoverSources): string | null {
  const sentence = text.reading.sentences[text.sentenceOfToken(token) ?? -1];
  const found = sentence === undefined ? null : compiled(text.spanOf(sentence).start);
  return found === null ? null : `*Compiles to:*\n\n${found}`;
}

/** Links to the pages of what is wrong here. */
function pagesAt(offset: number, { diagnostics, page }: HoverSources): readonly string[] {
  const here = diagnostics.filter(
    ({ range: { start, end } }) => start.offset <= offset && offset <= end.offset,
  );
  return [...new Set(here.map(({ code }) => code))].flatMap((code) => linkTo(code, page) ?? []);
}

const CODE = /VMC\d{4}/g;

/** A diagnostic's code in a comment links to its page. */
function hoverInComment(text: PolicyText, offset: number, { page }: HoverSources): Hover | null {
  const lineStart = text.text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.text.indexOf('\n', offset);
  const line = text.text.slice(lineStart, lineEnd === -1 ? undefined : lineEnd);
  for (const { 0: code, index } of line.matchAll(CODE)) {
    const span = { start: lineStart + index, end: lineStart + index + code.length };
    if (offset < span.start || offset > span.end) continue;
    const link = linkTo(code, page);
    return link === null ? null : { contents: { kind: 'markdown', value: link }, range: text.range(span) };
  }
  return null;
}

function linkTo(code: string, page: HoverSources['page']): string | null {
  const found = page(code);
  return found === null ? null : `[${code}](${found.href}): ${found.title}`;
}
