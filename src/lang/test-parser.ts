import { TEST_BODY } from './bodies.js';
import { OfferParser } from './offer-parser.js';
import * as t from './tokens.js';

const w = t.word;
/** What may stand behind the name of a class in each place where one may stand, besides what ends a line. */
const BEHIND_GIVEN = [t.Dot, t.Equals, w('unknown')];
const BEHIND_GUESTS = [t.Comma];
const BEHIND_EXPECTED = (['at', 'paused', 'yields', 'runs', 'reserved', 'guaranteed'] as const).map(w);

/** The rules for tests: grammar/vmc.ne, "Tests". */
export abstract class TestParser extends OfferParser {
  test = this.RULE('test', () => {
    this.CONSUME(w('test'));
    this.CONSUME(t.Text);
    this.SUBRULE(this.testBody);
  });

  testBody = this.RULE('testBody', () => {
    this.braced(TEST_BODY, () => this.SUBRULE(this.testLine));
  });

  testLine = this.RULE('testLine', () => {
    const read = () =>
      this.OR([
        { ALT: () => this.SUBRULE(this.at) },
        { ALT: () => this.SUBRULE(this.given) },
        { ALT: () => this.SUBRULE(this.expect) },
      ]);
    this.guarded('testLine', read, this.resumeAt(TEST_BODY));
  });

  at = this.RULE('at', () => {
    this.CONSUME(w('at'));
    this.CONSUME(t.DateToken);
    this.CONSUME(t.Clock);
  });

  /** A bare `vms` begins the list of guests, unless it is the class in a signal. */
  given = this.RULE('given', () => {
    this.CONSUME(w('given'));
    this.ACTION(() => this.refuseNextLine(BEHIND_GIVEN));
    this.OR({
      IGNORE_AMBIGUITIES: true,
      DEF: [
        { GATE: () => this.LA(2).tokenType !== t.Dot, ALT: () => this.SUBRULE(this.givenVms) },
        { ALT: () => this.SUBRULE(this.givenNot) },
        { ALT: () => this.SUBRULE(this.givenSpent) },
        { ALT: () => this.SUBRULE(this.processRunning) },
        { ALT: () => [this.SUBRULE(this.forecast), this.SUBRULE(this.givenValue)] },
        { ALT: () => [this.SUBRULE(this.signal), this.OPTION(() => this.SUBRULE2(this.givenValue))] },
      ],
    });
  });

  givenVms = this.RULE('givenVms', () => {
    this.CONSUME(w('vms'));
    this.ACTION(() => this.refuseNextLine(BEHIND_GUESTS));
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.givenGuests) });
  });

  givenGuests = this.RULE('givenGuests', () => {
    this.OPTION(() => this.CONSUME(t.NumberToken));
    this.SUBRULE(this.subject);
  });

  givenNot = this.RULE('givenNot', () => {
    this.CONSUME(w('not'));
    this.OR([{ ALT: () => this.SUBRULE(this.processRunning) }, { ALT: () => this.SUBRULE(this.signal) }]);
  });

  givenSpent = this.RULE('givenSpent', () => {
    this.CONSUME(w('budget'));
    this.SUBRULE(this.subject);
    this.CONSUME(w('spent'));
  });

  givenValue = this.choice('givenValue', [
    { ALT: () => [this.CONSUME(t.Equals), this.SUBRULE(this.quantity)] },
    { ALT: () => this.CONSUME(w('unknown')) },
  ]);

  expect = this.RULE('expect', () => {
    this.CONSUME(w('expect'));
    this.ACTION(() => this.refuseNextLine(BEHIND_EXPECTED));
    this.OR([
      { ALT: () => [this.CONSUME(w('that')), this.SUBRULE(this.condition)] },
      {
        ALT: () => {
          this.OPTION(() => this.CONSUME(w('each')));
          this.SUBRULE(this.subject);
          this.SUBRULE(this.outcome);
        },
      },
    ]);
  });

  outcome = this.choice('outcome', [
    { ALT: () => this.SUBRULE(this.bound) },
    { ALT: () => this.CONSUME(w('paused')) },
    { ALT: () => this.CONSUME(w('yields')) },
    { ALT: () => [this.CONSUME(w('runs')), this.SUBRULE(this.every)] },
    { ALT: () => [this.CONSUME(w('reserved')), this.SUBRULE(this.reservation)] },
    { ALT: () => [this.CONSUME(w('guaranteed')), this.SUBRULE(this.amounts)] },
  ]);
}
