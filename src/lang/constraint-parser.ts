import { type IToken, tokenMatcher } from 'chevrotain';
import { ConditionParser } from './condition-parser.js';
import * as t from './tokens.js';

const w = t.word;

export const startsSentence = (token: IToken): boolean => tokenMatcher(token, t.Starter);

/** The rules for constraints: grammar/vmc.ne, "Constraints". */
export abstract class ConstraintParser extends ConditionParser {
  subject = this.RULE('subject', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.name) },
      { ALT: () => this.CONSUME(w('guests')) },
      { ALT: () => this.CONSUME(w('others')) },
      { ALT: () => this.CONSUME(w('owner')) },
    ]);
  });

  every = this.RULE('every', () => {
    this.SUBRULE(this.quantity, { LABEL: 'budget' });
    this.CONSUME(w('every'));
    this.SUBRULE2(this.quantity, { LABEL: 'period' });
  });

  amounts = this.RULE('amounts', () => {
    this.AT_LEAST_ONE_SEP({ SEP: w('and'), DEF: () => this.SUBRULE(this.amount) });
  });

  amount = this.RULE('amount', () => {
    this.SUBRULE(this.quantity);
    this.OPTION(() => {
      this.OR([
        { ALT: () => this.CONSUME(w('memory')) },
        { ALT: () => this.CONSUME(w('disk')) },
        { ALT: () => this.CONSUME(w('network')) },
      ]);
    });
  });

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
    this.SUBRULE(this.amounts);
    this.OPTION2(() => this.SUBRULE(this.elastic));
    this.OPTION3(() => this.SUBRULE(this.by));
  });

  /** What a ceiling that follows a signal takes back; not compiled yet, so its words are skipped. */
  elastic = this.RULE('elastic', () => {
    this.CONSUME(t.Minus);
    this.ACTION(() => this.skipSentence(startsSentence));
  });

  reserve = this.RULE('reserve', () => {
    this.CONSUME(w('reserve'));
    this.SUBRULE(this.subject);
    this.OR([
      { ALT: () => this.SUBRULE(this.rate) },
      { ALT: () => [this.CONSUME(w('for')), this.CONSUME(w('its')), this.CONSUME(w('tasks'))] },
    ]);
    this.OPTION(() => this.SUBRULE(this.by));
  });

  rate = this.RULE('rate', () => {
    this.SUBRULE(this.quantity, { LABEL: 'budget' });
    this.OR([
      { ALT: () => this.CONSUME(w('every')) },
      { ALT: () => [this.CONSUME(w('in')), this.CONSUME(w('any'))] },
    ]);
    this.SUBRULE2(this.quantity, { LABEL: 'period' });
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
}
