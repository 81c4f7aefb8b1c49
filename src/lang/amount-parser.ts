import { tokenMatcher } from 'chevrotain';
import { ConditionParser } from './condition-parser.js';
import * as t from './tokens.js';
import { unitOf } from './units.js';

const w = t.word;
const RESOURCES = (['memory', 'disk', 'network'] as const).map(w);

/** The rules for subjects, amounts and forms of reservation: grammar/vmc.ne, "Amounts". */
export abstract class AmountParser extends ConditionParser {
  subject = this.choice('subject', [
    { ALT: () => this.CONSUME(t.BareName) },
    { ALT: () => this.CONSUME(t.Text) },
    { ALT: () => this.CONSUME(w('guests')) },
    { ALT: () => this.CONSUME(w('others')) },
    { ALT: () => this.CONSUME(w('owner')) },
  ]);

  every = this.RULE('every', () => {
    this.SUBRULE(this.quantity, { LABEL: 'budget' });
    this.CONSUME(w('every'));
    this.SUBRULE2(this.quantity, { LABEL: 'period' });
  });

  reservation = this.choice('reservation', [
    {
      ALT: () => {
        this.SUBRULE(this.quantity, { LABEL: 'budget' });
        this.OR2([
          { ALT: () => this.CONSUME(w('every')) },
          { ALT: () => [this.CONSUME(w('in')), this.CONSUME(w('any'))] },
        ]);
        this.SUBRULE2(this.quantity, { LABEL: 'period' });
      },
    },
    { ALT: () => [this.CONSUME(w('for')), this.CONSUME(w('its')), this.CONSUME(w('tasks'))] },
  ]);

  amounts = this.RULE('amounts', () => {
    this.AT_LEAST_ONE_SEP({ SEP: w('and'), DEF: () => this.SUBRULE(this.amount) });
  });

  amount = this.RULE('amount', () => {
    this.SUBRULE(this.quantity);
    this.OPTION({
      GATE: () => this.#isOfResource(),
      DEF: () =>
        this.OR([
          { ALT: () => this.CONSUME(w('memory')) },
          { ALT: () => this.CONSUME(w('disk')) },
          { ALT: () => this.CONSUME(w('network')) },
        ]),
    });
  });

  /**
   * Whether the word behind a quantity says what it is of. Where the unit needs no such word, `memory` may begin the next
   * term of an offer.
   */
  #isOfResource(): boolean {
    const unit = this.LA(0);
    if (unit.tokenType === w('memory') || !RESOURCES.includes(this.LA(1).tokenType)) return false;
    const dimension = tokenMatcher(unit, t.Unit) ? unitOf(unit.image)?.dimension : undefined;
    if (dimension === 'size' || dimension === 'rate' || dimension === 'iops') return true;
    return this.LA(2).tokenType !== t.NumberToken;
  }

  ceilings = this.RULE('ceilings', () => {
    this.AT_LEAST_ONE_SEP({ SEP: w('and'), DEF: () => this.SUBRULE(this.ceiling) });
  });

  /** An amount of a `limit` sentence: it may be elastic. */
  ceiling = this.RULE('ceiling', () => {
    this.SUBRULE(this.amount);
    this.OPTION(() => this.SUBRULE(this.elastic));
  });

  elastic = this.RULE('elastic', () => {
    this.CONSUME(t.Minus);
    this.OR([{ ALT: () => this.SUBRULE(this.forecast) }, { ALT: () => this.SUBRULE(this.signal) }]);
    this.CONSUME(w('between'));
    this.SUBRULE(this.quantity, { LABEL: 'from' });
    this.CONSUME(w('and'));
    this.SUBRULE2(this.quantity, { LABEL: 'to' });
  });

  /** What a subject is claimed to get at most or at least. */
  bound = this.RULE('bound', () => {
    this.CONSUME(w('at'));
    this.OR([{ ALT: () => this.CONSUME(w('most')) }, { ALT: () => this.CONSUME(w('least')) }]);
    this.SUBRULE(this.amount);
  });
}
