import type { IToken } from 'chevrotain';
import { CLASS_BODY, HOST_BODY } from './bodies.js';
import { BodyParser } from './body-parser.js';
import * as t from './tokens.js';

const w = t.word;
const touches = (left: IToken, right: IToken): boolean =>
  left.startOffset + left.image.length === right.startOffset;

/** The rules for declarations but tests: grammar/vmc.ne, "Declarations". */
export abstract class DeclarationParser extends BodyParser {
  import = this.RULE('import', () => {
    this.CONSUME(w('import'));
    this.CONSUME(t.Text);
  });

  host = this.RULE('host', () => {
    this.CONSUME(w('host'));
    this.SUBRULE(this.hostBody);
  });

  hostBody = this.RULE('hostBody', () => {
    this.braced(HOST_BODY, () => this.SUBRULE(this.hostProperty));
  });

  hostProperty = this.RULE('hostProperty', () => {
    this.guarded('hostProperty', () => this.SUBRULE(this.hostSetting), this.resumeAt(HOST_BODY));
  });

  hostSetting = this.choice('hostSetting', [
    { ALT: () => [this.CONSUME(w('cores')), this.SUBRULE(this.coreCount, { LABEL: 'quantity' })] },
    { ALT: () => [this.CONSUME(w('memory')), this.SUBRULE2(this.quantity)] },
    { ALT: () => [this.CONSUME(w('timezone')), this.CONSUME(t.Text)] },
    {
      ALT: () => {
        this.CONSUME(w('mechanisms'));
        this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.CONSUME(t.Mechanism) });
      },
    },
  ]);

  /** `cores` behind the number is a unit (of the wrong kind) unless it begins the next property. */
  coreCount = this.RULE('coreCount', () => {
    this.CONSUME(t.NumberToken);
    this.OPTION({
      GATE: () => this.LA(2).tokenType !== t.NumberToken || touches(this.LA(0), this.LA(1)),
      DEF: () => this.OR([{ ALT: () => this.CONSUME(t.Unit) }, { ALT: () => this.SUBRULE(this.percent) }]),
    });
  });

  vm = this.RULE('vm', () => {
    this.CONSUME(w('vm'));
    this.SUBRULE(this.name);
    this.SUBRULE(this.classBody);
  });

  group = this.RULE('group', () => {
    this.CONSUME(w('group'));
    this.SUBRULE(this.name);
    this.OR([
      { ALT: () => [this.SUBRULE(this.capacity), this.SUBRULE(this.classBody)] },
      { ALT: () => this.SUBRULE(this.members) },
    ]);
  });

  capacity = this.RULE('capacity', () => {
    this.CONSUME(w('up'));
    this.CONSUME(w('to'));
    this.SUBRULE(this.quantity);
    this.SUBRULE(this.guestsWord);
  });

  guestsWord = this.choice('guestsWord', [
    { ALT: () => this.CONSUME(w('vms')) },
    { ALT: () => this.CONSUME(w('vm')) },
  ]);

  members = this.RULE('members', () => {
    this.CONSUME(t.Equals);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.name) });
  });

  classBody = this.RULE('classBody', () => {
    this.braced(CLASS_BODY, () => this.SUBRULE(this.classProperty));
  });

  classProperty = this.RULE('classProperty', () => {
    this.guarded('classProperty', () => this.SUBRULE(this.classSetting), this.resumeAt(CLASS_BODY));
  });

  classSetting = this.choice('classSetting', [
    { ALT: () => this.SUBRULE(this.match) },
    { ALT: () => this.SUBRULE(this.need) },
  ]);

  /** What guests of a class and of an offer alike are said to need. */
  need = this.choice('need', [
    { ALT: () => [this.CONSUME(w('vcpus')), this.SUBRULE(this.quantity)] },
    { ALT: () => [this.CONSUME(w('memory')), this.SUBRULE2(this.quantity)] },
    { ALT: () => [this.CONSUME(w('overhead')), this.SUBRULE(this.every)] },
    { ALT: () => this.SUBRULE(this.task) },
  ]);

  match = this.RULE('match', () => {
    this.CONSUME(w('match'));
    this.AT_LEAST_ONE_SEP({ SEP: w('and'), DEF: () => this.SUBRULE(this.matchTest) });
  });

  matchTest = this.RULE('matchTest', () => {
    this.CONSUME(t.MatchAttribute);
    this.SUBRULE(this.name);
  });

  task = this.RULE('task', () => {
    this.CONSUME(w('task'));
    this.SUBRULE(this.name);
    this.SUBRULE(this.every);
    this.OPTION(() => [this.CONSUME(w('within')), this.SUBRULE(this.quantity)]);
  });

  ignore = this.RULE('ignore', () => {
    this.CONSUME(w('ignore'));
    this.SUBRULE(this.match);
  });

  let = this.RULE('let', () => {
    this.CONSUME(w('let'));
    this.SUBRULE(this.name);
    this.CONSUME(t.Equals);
    this.SUBRULE(this.condition);
  });

  switch = this.RULE('switch', () => {
    this.CONSUME(w('switch'));
    this.SUBRULE(this.name);
  });

  signalDeclaration = this.RULE('signalDeclaration', () => {
    this.CONSUME(w('signal'));
    this.SUBRULE(this.name);
    this.CONSUME(t.SignalType);
  });
}
