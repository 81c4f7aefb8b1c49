import { AmountParser } from './amount-parser.js';
import * as t from './tokens.js';

const w = t.word;

/** The rules for constraints but offers: grammar/vmc.ne, "Constraints". */
export abstract class ConstraintParser extends AmountParser {
  by = this.RULE('by', () => {
    this.CONSUME(w('by'));
    this.CONSUME(t.Mechanism);
  });

  keep = this.RULE('keep', () => {
    this.CONSUME(w('keep'));
    this.SUBRULE(this.amounts);
    this.CONSUME(w('for'));
    this.CONSUME(w('owner'));
    this.OPTION(() => this.SUBRULE(this.by));
  });

  limit = this.RULE('limit', () => {
    this.CONSUME(w('limit'));
    this.OPTION(() => this.CONSUME(w('each')));
    this.SUBRULE(this.subject);
    this.CONSUME(w('to'));
    this.SUBRULE(this.ceilings);
    this.OPTION2(() => this.SUBRULE(this.by));
  });

  reserve = this.RULE('reserve', () => {
    this.CONSUME(w('reserve'));
    this.SUBRULE(this.subject);
    this.SUBRULE(this.reservation);
    this.OPTION(() => this.SUBRULE(this.by));
  });

  guarantee = this.RULE('guarantee', () => {
    this.CONSUME(w('guarantee'));
    this.OPTION(() => this.CONSUME(w('each')));
    this.SUBRULE(this.subject);
    this.SUBRULE(this.amounts);
    this.OPTION2(() => this.SUBRULE(this.by));
  });

  share = this.RULE('share', () => {
    this.CONSUME(w('share'));
    this.CONSUME(w('cpu'));
    this.OR([
      {
        ALT: () => {
          this.CONSUME(w('among'));
          this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.part) });
        },
      },
      { ALT: () => [this.CONSUME(w('equally')), this.CONSUME(w('within')), this.SUBRULE(this.subject)] },
    ]);
    this.OPTION(() => this.SUBRULE(this.by));
  });

  part = this.RULE('part', () => {
    this.SUBRULE(this.subject);
    this.SUBRULE(this.quantity);
  });

  run = this.RULE('run', () => {
    this.CONSUME(w('run'));
    this.SUBRULE(this.subject);
    this.SUBRULE(this.every);
    this.OPTION(() => this.SUBRULE(this.by));
  });

  pause = this.RULE('pause', () => {
    this.CONSUME(w('pause'));
    this.SUBRULE(this.subject);
    this.OPTION(() => this.SUBRULE(this.by));
  });

  yield = this.RULE('yield', () => {
    this.CONSUME(w('yield'));
    this.SUBRULE(this.subject);
  });

  place = this.RULE('place', () => {
    this.CONSUME(w('place'));
    this.SUBRULE(this.subject);
    this.CONSUME(w('on'));
    this.CONSUME(w('cores'));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.coreRange) });
  });

  coreRange = this.choice('coreRange', [
    { ALT: () => this.CONSUME(t.CoreRange) },
    { ALT: () => this.CONSUME(t.NumberToken) },
  ]);

  stop = this.RULE('stop', () => {
    this.CONSUME(w('stop'));
    this.SUBRULE(this.subject);
    this.CONSUME(w('within'));
    this.SUBRULE(this.quantity);
  });

  budget = this.RULE('budget', () => {
    this.CONSUME(w('budget'));
    this.OPTION(() => this.CONSUME(w('each')));
    this.SUBRULE(this.subject);
    this.SUBRULE(this.quantity);
    this.CONSUME(w('per'));
    this.CONSUME(t.BudgetPeriod);
    this.OPTION2(() => this.SUBRULE(this.exhausted));
  });

  exhausted = this.RULE('exhausted', () => {
    this.CONSUME(w('then'));
    this.OR([
      { ALT: () => this.CONSUME(w('pause')) },
      { ALT: () => [this.CONSUME(w('limit')), this.CONSUME(w('to')), this.SUBRULE(this.amounts)] },
    ]);
  });

  assert = this.RULE('assert', () => {
    this.CONSUME(w('assert'));
    this.OPTION(() => this.CONSUME(w('each')));
    this.SUBRULE(this.subject);
    this.OR([{ ALT: () => this.SUBRULE(this.bound) }, { ALT: () => this.CONSUME(w('paused')) }]);
    this.OPTION2(() => [this.CONSUME(w('while')), this.SUBRULE(this.condition)]);
  });
}
