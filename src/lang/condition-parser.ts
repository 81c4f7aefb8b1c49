import { EOF, type TokenType } from 'chevrotain';
import { startsSentence, startsTestLine } from './bodies.js';
import { startsLine } from './lexer.js';
import { RecoveringParser } from './recovering-parser.js';
import * as t from './tokens.js';

const w = t.word;
/** What may stand behind a name that is a condition, or a part of one. */
const BEHIND_NAME = [
  t.Dot,
  t.Less,
  t.LessOrEqual,
  t.Greater,
  t.GreaterOrEqual,
  t.RParen,
  t.LCurly,
  ...(['and', 'or', 'except', 'assuming'] as const).map(w),
];
const ENDS = [t.RCurly, EOF];

/** The rules for names, quantities and conditions: grammar/vmc.ne, "Words" and "Conditions". */
export abstract class ConditionParser extends RecoveringParser {
  name = this.choice('name', [{ ALT: () => this.CONSUME(t.BareName) }, { ALT: () => this.CONSUME(t.Text) }]);

  quantity = this.RULE('quantity', () => {
    this.CONSUME(t.NumberToken);
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(t.Unit) }, { ALT: () => this.SUBRULE(this.percent) }]);
    });
  });

  percent = this.RULE('percent', () => {
    this.CONSUME(t.Percent);
    this.OPTION(() => {
      this.CONSUME(w('of'));
      this.OR([
        { ALT: () => this.CONSUME(w('cpu')) },
        { ALT: () => [this.CONSUME(w('a')), this.CONSUME(w('core'))] },
        { ALT: () => this.CONSUME(w('memory')) },
      ]);
    });
  });

  /**
   * The word that begins the next line of a test is a name too. It is none where it stands first on its line, and behind it
   * neither what can follow a name here nor what can follow the line.
   */
  protected refuseNextLine(behindName: readonly TokenType[]): void {
    const [next, behind] = [this.LA(1), this.LA(2)];
    if (!startsTestLine(next) || !startsLine(next)) return;
    if (behindName.includes(behind.tokenType) || ENDS.includes(behind.tokenType)) return;
    if (!startsTestLine(behind) && !startsSentence(behind)) this.CONSUME(t.RestOfLine);
  }

  condition = this.RULE('condition', () => {
    this.SUBRULE(this.conjunction);
    this.MANY(() => {
      this.CONSUME(w('or'));
      this.SUBRULE2(this.conjunction);
    });
    this.OPTION(() => {
      this.CONSUME(w('assuming'));
      this.OR([{ ALT: () => this.CONSUME(w('true')) }, { ALT: () => this.CONSUME(w('false')) }]);
    });
  });

  conjunction = this.RULE('conjunction', () => {
    this.SUBRULE(this.negation);
    this.MANY(() => {
      this.CONSUME(w('and'));
      this.SUBRULE2(this.negation);
    });
  });

  negation = this.RULE('negation', () => {
    this.MANY(() => this.CONSUME(w('not')));
    this.SUBRULE(this.atom);
    this.MANY2(() => {
      this.CONSUME(w('except'));
      this.SUBRULE2(this.atom);
    });
  });

  atom = this.RULE('atom', () => {
    this.ACTION(() => this.refuseNextLine(BEHIND_NAME));
    this.OR(this.#atoms);
  });

  readonly #atoms = [
    { ALT: () => this.SUBRULE(this.parenthesised) },
    { ALT: () => this.SUBRULE(this.days) },
    { ALT: () => this.SUBRULE(this.dates) },
    { ALT: () => this.SUBRULE(this.processRunning) },
    { ALT: () => [this.SUBRULE(this.forecast), this.SUBRULE(this.comparison)] },
    { ALT: () => [this.SUBRULE(this.signal), this.OPTION(() => this.SUBRULE2(this.comparison))] },
  ];

  parenthesised = this.RULE('parenthesised', () => {
    this.CONSUME(t.LParen);
    this.SUBRULE(this.condition);
    this.CONSUME(t.RParen);
  });

  processRunning = this.RULE('processRunning', () => {
    this.CONSUME(w('process'));
    this.CONSUME(t.Text);
    this.CONSUME(w('running'));
  });

  // Calendars

  days = this.RULE('days', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.DaySet) },
      { ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Day) }) },
    ]);
    this.OPTION(() => this.SUBRULE(this.windows));
  });

  dates = this.RULE('dates', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.date) });
    this.OPTION(() => this.SUBRULE(this.windows));
  });

  date = this.choice('date', [
    { ALT: () => this.CONSUME(t.DateToken) },
    { ALT: () => this.CONSUME(t.DateRangeToken) },
  ]);

  windows = this.RULE('windows', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.ClockWindowToken) });
  });

  // Signals

  signal = this.RULE('signal', () => {
    this.OR(this.#heads);
    this.MANY(() => {
      this.CONSUME(t.Dot);
      this.CONSUME2(t.BareName, { LABEL: 'segment' });
    });
  });

  readonly #heads = [
    { ALT: () => this.CONSUME(t.BareName) },
    { ALT: () => this.CONSUME(t.Text) },
    { ALT: () => this.CONSUME(w('host')) },
    { ALT: () => this.CONSUME(w('owner')) },
    { ALT: () => this.CONSUME(w('user')) },
    { ALT: () => this.CONSUME(w('guests')) },
    { ALT: () => this.CONSUME(w('others')) },
  ];

  forecast = this.RULE('forecast', () => {
    this.CONSUME(w('forecast'));
    this.CONSUME(t.LParen);
    this.SUBRULE(this.signal);
    this.CONSUME(w('over'));
    this.SUBRULE(this.quantity, { LABEL: 'over' });
    this.CONSUME(w('at'));
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(w('upper')) }, { ALT: () => this.CONSUME(w('lower')) }]);
    });
    this.SUBRULE2(this.quantity, { LABEL: 'level' });
    this.CONSUME(t.RParen);
  });

  comparison = this.RULE('comparison', () => {
    this.SUBRULE(this.threshold, { LABEL: 'start' });
    this.OPTION(() => {
      this.CONSUME(w('until'));
      this.SUBRULE2(this.threshold, { LABEL: 'until' });
    });
  });

  threshold = this.RULE('threshold', () => {
    this.CONSUME(t.Comparator);
    this.SUBRULE(this.quantity);
    this.OPTION(() => {
      this.CONSUME(w('for'));
      this.SUBRULE2(this.quantity, { LABEL: 'for' });
    });
  });
}
