import { createRequire } from 'node:module';
import type { Alternative, GrammarSymbol, Rule, Section } from './grammar-source.js';

interface Drawing {
  readonly width: number;
  readonly up: number;
  readonly down: number;
}
interface Formatted {
  readonly attrs: { readonly width: number; readonly height: number };
  toString(): string;
}
/** What is used of the package `railroad-diagrams`, which has no types. */
interface Railroad {
  Diagram(...items: Drawing[]): { format(padding: number): Formatted };
  Sequence(...items: Drawing[]): Drawing;
  Choice(normal: number, ...items: Drawing[]): Drawing;
  Optional(item: Drawing): Drawing;
  OneOrMore(item: Drawing, separator?: Drawing): Drawing;
  ZeroOrMore(item: Drawing): Drawing;
  Terminal(text: string): Drawing;
  NonTerminal(text: string): Drawing;
  Skip(): Drawing;
}
const draw = createRequire(import.meta.url)('railroad-diagrams') as Railroad;

/** White space, and the check that a word begins: said once in the text, drawn nowhere. */
const INVISIBLE: ReadonlySet<GrammarSymbol> = new Set(['_', '__', 'B', 'null']);

const STYLE = `
path { stroke: #24292f; stroke-width: 2; fill: none }
rect { stroke: #24292f; stroke-width: 1.5; fill: #f6f8fa }
rect[rx] { fill: #ddf4ff }
.paper { stroke: none; fill: #ffffff }
text { font: 14px ui-monospace, monospace; text-anchor: middle; fill: #24292f }
text.rule { font-weight: bold; text-anchor: start }
`;
const MARGIN = 16;
const TITLE_HEIGHT = 28;

/** Rules that may be nothing: drawn with a way around them where they are used, not where they are defined. */
export type OptionalRules = ReadonlySet<string>;

/** All rules of a section below each other, as one SVG that needs nothing else. */
export function drawSection(section: Section, optional: OptionalRules): string {
  let top = MARGIN;
  let width = 0;
  const parts: string[] = [];
  for (const rule of section.rules) {
    const { svg, width: ruleWidth, height } = drawRule(rule, optional);
    parts.push(`<text class="rule" x="${MARGIN}" y="${top + 14}">${rule.name}</text>`);
    parts.push(`<g transform="translate(${MARGIN} ${top + TITLE_HEIGHT - 8})">${svg}</g>`);
    top += TITLE_HEIGHT + height;
    width = Math.max(width, ruleWidth);
  }
  const [full, height] = [Math.ceil(width + 2 * MARGIN), Math.ceil(top + MARGIN)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${full}" height="${height}" viewBox="0 0 ${full} ${height}">`,
    `<style>${STYLE}</style><rect class="paper" width="${full}" height="${height}"/>`,
    ...parts,
    '</svg>',
    '',
  ].join('\n');
}

function drawRule(
  { name, alternatives }: Rule,
  optional: OptionalRules,
): { svg: string; width: number; height: number } {
  const written = optional.has(name) ? alternatives.filter((one) => !isNothing(one)) : alternatives;
  const formatted = draw.Diagram(drawChoice(written, optional)).format(10);
  return { svg: formatted.toString(), width: formatted.attrs.width, height: formatted.attrs.height };
}

function drawChoice(alternatives: readonly Alternative[], optional: OptionalRules): Drawing {
  const drawn = alternatives.map(({ tokens }) => drawSequence(tokens, optional));
  const items = drawn.filter((item) => item !== null);
  const [only] = items;
  if (only === undefined) return draw.Skip();
  const all = items.length === 1 ? only : draw.Choice(0, ...items);
  return drawn.includes(null) ? draw.Optional(all) : all;
}

export const isNothing = ({ tokens }: Alternative): boolean => tokens.every((token) => INVISIBLE.has(token));

/** Null for nothing at all. */
function drawSequence(symbols: readonly GrammarSymbol[], optional: OptionalRules): Drawing | null {
  const visible = symbols.filter((symbol) => !INVISIBLE.has(symbol));
  const items: Drawing[] = [];
  for (let index = 0; index < visible.length; index++) {
    const [symbol, next] = [visible[index], visible[index + 1]];
    if (symbol === undefined) continue;
    const separator = next === undefined ? null : separatorOf(symbol, next);
    if (separator === null) items.push(drawSymbol(symbol, optional));
    else {
      items.push(draw.OneOrMore(drawSymbol(symbol, optional), drawSymbol(separator, optional)));
      index += 1;
    }
  }
  const [first] = items;
  return items.length <= 1 ? (first ?? null) : draw.Sequence(...items);
}

/** Of `item (separator item):*`: drawn as one loop. */
function separatorOf(item: GrammarSymbol, next: GrammarSymbol): GrammarSymbol | null {
  if (!isRepetition(next) || !isGroup(next.ebnf) || next.ebnf.subexpression.length !== 1) return null;
  const inner = (next.ebnf.subexpression[0]?.tokens ?? []).filter((symbol) => !INVISIBLE.has(symbol));
  const [separator, repeated] = inner;
  const same = JSON.stringify(repeated) === JSON.stringify(item);
  return inner.length === 2 && separator !== undefined && same ? separator : null;
}

type Repetition = Extract<GrammarSymbol, { readonly ebnf: GrammarSymbol }>;
type Group = Extract<GrammarSymbol, { readonly subexpression: readonly Alternative[] }>;

const isRepetition = (symbol: GrammarSymbol): symbol is Repetition =>
  typeof symbol === 'object' && 'ebnf' in symbol && symbol.modifier === ':*';
const isGroup = (symbol: GrammarSymbol): symbol is Group =>
  typeof symbol === 'object' && 'subexpression' in symbol;

function drawSymbol(symbol: GrammarSymbol, optional: OptionalRules): Drawing {
  if (typeof symbol === 'string') {
    const rule = draw.NonTerminal(symbol);
    return optional.has(symbol) ? draw.Optional(rule) : rule;
  }
  if (symbol instanceof RegExp) return draw.Terminal(symbol.source);
  if ('literal' in symbol)
    return draw.Terminal(symbol.literal === '\uFEFF' ? 'byte-order mark' : symbol.literal);
  if ('macrocall' in symbol) return drawMacro(symbol, optional);
  if ('subexpression' in symbol) return drawChoice(symbol.subexpression, optional);
  const inner = drawSymbol(symbol.ebnf, optional);
  if (symbol.modifier === ':*') return draw.ZeroOrMore(inner);
  return symbol.modifier === ':+' ? draw.OneOrMore(inner) : draw.Optional(inner);
}

/** `word["when"]`, or `commas[part]` and any other macro of one item: several of it with commas between them. */
function drawMacro(
  { macrocall, args }: Extract<GrammarSymbol, { readonly macrocall: string }>,
  optional: OptionalRules,
): Drawing {
  const tokens = args.flatMap((argument) => argument.tokens);
  const item = drawSequence(tokens, optional) ?? draw.Skip();
  return macrocall === 'word' ? item : draw.OneOrMore(item, draw.Terminal(','));
}
