import type { IToken, TokenType } from 'chevrotain';
import {
  BrokenText,
  Clock,
  ClockWindowToken,
  Comparator,
  CoreRange,
  DateRangeToken,
  DateToken,
  Day,
  DaySet,
  NumberToken,
  Text,
  Unit,
} from '../../lang/tokens.js';
import { unitOf } from '../../lang/units.js';
import { isReserved } from '../../lang/words.js';
import type { Terminal } from './form.js';

const WORD = /^[A-Za-z][A-Za-z0-9_-]*$/;

const is = ({ tokenType }: IToken, type: TokenType): boolean =>
  tokenType === type || (tokenType.CATEGORIES ?? []).includes(type);

const isText = (token: IToken): boolean => token.tokenType === Text || token.tokenType === BrokenText;

const isBareName = ({ image }: IToken): boolean => WORD.test(image) && !isReserved(image);

/**
 * Whether a token can stand where the terminal is asked for. Where that is not `strict`, units of other dimensions are
 * taken as well: their mistake is in the quantity, not in the sentence.
 */
export function accepts(terminal: Terminal, token: IToken, strict: boolean): boolean {
  switch (terminal.kind) {
    case 'word':
      return token.image === terminal.word;
    case 'reference':
      if (terminal.vms !== undefined && (terminal.vms === 'only') !== (token.image === 'vms')) return false;
      return isText(token) || isBareName(token);
    case 'declaration':
    case 'user':
      return isText(token) || isBareName(token);
    case 'text':
      return isText(token);
    case 'number':
      return token.tokenType === NumberToken;
    case 'unit':
      return is(token, Unit) && (!strict || measures(terminal.dimensions, token.image));
    case 'segment':
      return WORD.test(token.image);
    case 'cores':
      return token.tokenType === CoreRange || token.tokenType === NumberToken;
    case 'date-item':
      return token.tokenType === DateToken || token.tokenType === DateRangeToken;
    default:
      return is(token, TOKEN_TYPES[terminal.kind]);
  }
}

const TOKEN_TYPES = {
  comparator: Comparator,
  clock: Clock,
  window: ClockWindowToken,
  date: DateToken,
  day: Day,
  'day-set': DaySet,
} as const;

function measures(dimensions: Extract<Terminal, { kind: 'unit' }>['dimensions'], unit: string): boolean {
  const known = unitOf(unit);
  return known !== null && (dimensions === 'compared' || dimensions.includes(known.dimension));
}
