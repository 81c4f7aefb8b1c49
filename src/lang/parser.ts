import type { IToken } from 'chevrotain';
import { ConstraintParser, startsSentence } from './constraint-parser.js';
import type { BodyRule } from './syntax-problem.js';
import * as t from './tokens.js';
import { ANY_NAME } from './tree.js';

const w = t.word;
const CLASS_PROPERTIES = (['match', 'vcpus', 'memory', 'overhead', 'task'] as const).map(w);
const HOST_PROPERTIES = (['cores', 'memory', 'timezone', 'mechanisms'] as const).map(w);

const startsClassProperty = (token: IToken): boolean => CLASS_PROPERTIES.includes(token.tokenType);
const startsHostProperty = (token: IToken): boolean => HOST_PROPERTIES.includes(token.tokenType);

const touches = (left: IToken, right: IToken): boolean =>
  left.startOffset + left.image.length === right.startOffset;

/**
 * The grammar of grammar/vmc.ne for Chevrotain. It reads a little more than that one, namely what the tree builder
 * then refuses with a message of its own: units of the wrong dimension, and what this version does not compile yet.
 */
export class PolicyParser extends ConstraintParser {
  constructor(options: { skipValidations: boolean }) {
    super(options.skipValidations);
    this.performSelfAnalysis();
  }

  policy = this.RULE('policy', () =>
    this.#list('policy', startsSentence, () => this.SUBRULE(this.statement), null),
  );

  block = this.RULE('block', () => {
    const open = this.#open('block', startsSentence);
    this.#list('block', startsSentence, () => this.SUBRULE(this.statement), open);
    this.#close(open);
  });

  /** Sentences or properties up to the end of their file or braces; what is neither is reported and skipped. */
  #list(rule: BodyRule, starts: (token: IToken) => boolean, read: () => void, open: IToken | null): void {
    this.ACTION(() => this.skipStrays(rule, starts, open));
    this.MANY({
      GATE: () => !this.endsBody(rule),
      DEF: () => {
        read();
        this.ACTION(() => this.skipStrays(rule, starts, open));
      },
    });
  }

  #open(rule: BodyRule, starts: (token: IToken) => boolean): IToken {
    return this.lacksBrace(rule, starts) ? this.LA(1) : this.CONSUME(t.LCurly);
  }

  #close(open: IToken): void {
    this.OPTION({ GATE: () => this.isClosed(open), DEF: () => this.CONSUME(t.RCurly) });
  }

  /** A node without children where the sentence could not be read. */
  statement = this.RULE('statement', () => {
    const read = () =>
      this.OR([
        { ALT: () => this.SUBRULE(this.host) },
        { ALT: () => this.SUBRULE(this.vm) },
        { ALT: () => this.SUBRULE(this.group) },
        { ALT: () => this.SUBRULE(this.let) },
        { ALT: () => this.SUBRULE(this.switch) },
        { ALT: () => this.SUBRULE(this.keep) },
        { ALT: () => this.SUBRULE(this.limit) },
        { ALT: () => this.SUBRULE(this.reserve) },
        { ALT: () => this.SUBRULE(this.guarantee) },
        { ALT: () => this.SUBRULE(this.share) },
        { ALT: () => this.SUBRULE(this.run) },
        { ALT: () => this.SUBRULE(this.pause) },
        { ALT: () => this.SUBRULE(this.when) },
        { ALT: () => this.SUBRULE(this.lonelyOtherwise) },
        { ALT: () => this.SUBRULE(this.unsupported) },
      ]);
    this.guarded(read, this.resumeAt(startsSentence));
  });

  // Declarations

  host = this.RULE('host', () => {
    this.CONSUME(w('host'));
    this.SUBRULE(this.hostBody);
  });

  hostBody = this.RULE('hostBody', () => {
    const open = this.#open('hostBody', startsHostProperty);
    this.#list('hostBody', startsHostProperty, () => this.SUBRULE(this.hostProperty), open);
    this.#close(open);
  });

  hostProperty = this.RULE('hostProperty', () => {
    this.guarded(() => this.SUBRULE(this.hostSetting), this.resumeAt(startsHostProperty));
  });

  hostSetting = this.RULE('hostSetting', () => {
    this.OR([
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
  });

  /** `cores` behind the number is a unit (of the wrong kind) unless it begins the next property. */
  coreCount = this.RULE('coreCount', () => {
    this.CONSUME(t.NumberToken);
    this.OPTION({
      GATE: () => this.LA(2).tokenType !== t.NumberToken || touches(this.LA(0), this.LA(1)),
      DEF: () => this.#unit(),
    });
  });

  #unit(): void {
    this.OR([{ ALT: () => this.CONSUME(t.Unit) }, { ALT: () => this.SUBRULE(this.percent) }]);
  }

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
    this.OR([{ ALT: () => this.CONSUME(w('vms')) }, { ALT: () => this.CONSUME(w('vm')) }]);
  });

  members = this.RULE('members', () => {
    this.CONSUME(t.Equals);
    this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.name) });
  });

  classBody = this.RULE('classBody', () => {
    const open = this.#open('classBody', startsClassProperty);
    this.#list('classBody', startsClassProperty, () => this.SUBRULE(this.classProperty), open);
    this.#close(open);
  });

  classProperty = this.RULE('classProperty', () => {
    this.guarded(() => this.SUBRULE(this.classSetting), this.resumeAt(startsClassProperty));
  });

  classSetting = this.RULE('classSetting', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.match) },
      { ALT: () => [this.CONSUME(w('vcpus')), this.SUBRULE(this.quantity)] },
      { ALT: () => [this.CONSUME(w('memory')), this.SUBRULE2(this.quantity)] },
      { ALT: () => [this.CONSUME(w('overhead')), this.SUBRULE(this.every)] },
      { ALT: () => this.SUBRULE(this.task) },
    ]);
  });

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

  // Guards

  when = this.RULE('when', () => {
    let isOpen = true;
    this.SUBRULE(this.arm);
    this.MANY({
      GATE: () => isOpen,
      DEF: () => {
        this.CONSUME(w('otherwise'));
        this.OR([
          { ALT: () => this.SUBRULE2(this.arm) },
          {
            ALT: () => {
              this.SUBRULE(this.block);
              isOpen = false;
            },
          },
        ]);
      },
    });
  });

  /** A condition that cannot be read does not keep its block from being read. */
  arm = this.RULE('arm', () => {
    this.CONSUME(w('when'));
    const head = () => {
      this.SUBRULE(this.condition);
      this.ACTION(() => this.#expectBlock());
    };
    this.guarded(head, () => this.skipToBlock());
    this.SUBRULE(this.block);
  });

  /** Fails, as the block would, but where its recovery still finds the block. */
  #expectBlock(): void {
    const next = this.LA(1);
    if (next.tokenType !== t.LCurly && !startsSentence(next)) this.CONSUME(t.LCurly);
  }

  lonelyOtherwise = this.RULE('lonelyOtherwise', () => {
    const token = this.CONSUME(w('otherwise'));
    this.ACTION(() => this.report({ kind: 'lonely-otherwise', token }));
    this.OPTION(() => this.SUBRULE(this.block));
  });

  unsupported = this.RULE('unsupported', () => {
    const keyword = this.CONSUME(t.UnsupportedStarter);
    this.ACTION(() => {
      this.#loseNames(keyword);
      this.skipSentence(startsSentence);
    });
  });

  /** What the skipped sentence would have declared; an import could declare anything. */
  #loseNames(keyword: IToken): void {
    if (keyword.tokenType === w('signal')) this.loseName(this.LA(1));
    if (keyword.tokenType === w('offer')) this.loseName(this.LA(3));
    if (keyword.tokenType === w('import')) this.lostNames.push(ANY_NAME);
  }
}
