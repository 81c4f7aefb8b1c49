import { OFFER_BODY } from './bodies.js';
import { DeclarationParser } from './declaration-parser.js';
import * as t from './tokens.js';

const w = t.word;

/** The rules for offers: grammar/vmc.ne, "Offers". */
export abstract class OfferParser extends DeclarationParser {
  offer = this.RULE('offer', () => {
    this.CONSUME(w('offer'));
    this.SUBRULE(this.quantity);
    this.SUBRULE(this.guestsWord);
    this.SUBRULE(this.name);
    this.SUBRULE(this.offerBody);
  });

  offerBody = this.RULE('offerBody', () => {
    this.braced(OFFER_BODY, () => this.SUBRULE(this.offerTerm));
  });

  offerTerm = this.RULE('offerTerm', () => {
    this.guarded('offerTerm', () => this.SUBRULE(this.offerSetting), this.resumeAt(OFFER_BODY));
  });

  offerSetting = this.choice('offerSetting', [
    { ALT: () => this.SUBRULE(this.need) },
    { ALT: () => [this.CONSUME(w('reserve')), this.SUBRULE(this.reservation)] },
    { ALT: () => [this.CONSUME(w('guarantee')), this.SUBRULE(this.amounts)] },
    { ALT: () => [this.CONSUME(w('limit')), this.CONSUME(w('to')), this.SUBRULE2(this.amounts)] },
  ]);
}
