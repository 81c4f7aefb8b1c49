import type { IToken } from 'chevrotain';
import { DeclarationParser } from './declaration-parser.js';
import * as t from './tokens.js';

const w = t.word;
const NEEDS = (['vcpus', 'memory', 'overhead', 'task'] as const).map(w);
const TERMS = (['reserve', 'guarantee', 'limit'] as const).map(w);
/** What stands behind such a word in an offer, where no subject does. */
const BEHIND_TERMS = [t.NumberToken, w('for'), w('to')];

/** The rules for offers: grammar/vmc.ne, "Offers". */
export abstract class OfferParser extends DeclarationParser {
  /** Words such as `reserve` begin sentences too: at the margin, with a subject behind, they are not the offer's. */
  protected startsTerm = (token: IToken, behind: IToken): boolean => {
    if (NEEDS.includes(token.tokenType)) return true;
    if (!TERMS.includes(token.tokenType)) return false;
    return !this.isAtMargin(token) || BEHIND_TERMS.includes(behind.tokenType);
  };

  offer = this.RULE('offer', () => {
    this.CONSUME(w('offer'));
    this.SUBRULE(this.quantity);
    this.SUBRULE(this.guestsWord);
    this.SUBRULE(this.name);
    this.SUBRULE(this.offerBody);
  });

  offerBody = this.RULE('offerBody', () => {
    this.braced('offerBody', this.startsTerm, () => this.SUBRULE(this.offerTerm));
  });

  offerTerm = this.RULE('offerTerm', () => {
    this.guarded('offerTerm', () => this.SUBRULE(this.offerSetting), this.resumeAt(this.startsTerm));
  });

  offerSetting = this.RULE('offerSetting', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.need) },
      { ALT: () => [this.CONSUME(w('reserve')), this.SUBRULE(this.reservation)] },
      { ALT: () => [this.CONSUME(w('guarantee')), this.SUBRULE(this.amounts)] },
      { ALT: () => [this.CONSUME(w('limit')), this.CONSUME(w('to')), this.SUBRULE2(this.amounts)] },
    ]);
  });
}
