import type { CstNode, IToken } from 'chevrotain';
import { BLOCK, POLICY, startsSentence } from './bodies.js';
import type { GuardedRule } from './syntax-problem.js';
import { TestParser } from './test-parser.js';
import { NO_LAYOUT } from './text-layout.js';
import * as t from './tokens.js';

const w = t.word;

/** What Chevrotain (11.2) keeps with a rule: the rule without what is done around a whole text. */
interface CoreRule {
  readonly coreRule: (this: PolicyParser) => CstNode;
}

/**
 * The grammar of grammar/vmc.ne for Chevrotain. It reads a little more than that one, namely what the tree builder
 * then refuses with a message of its own, such as units of the wrong dimension.
 */
export class PolicyParser extends TestParser {
  constructor(options: { skipValidations: boolean }) {
    super(options.skipValidations);
    this.performSelfAnalysis();
  }

  /**
   * Is given each sentence of the file itself when the next one begins, and whether it and what stands behind it had no
   * mistakes. Set for each text by the caller.
   */
  take: (sentence: CstNode, isSound: boolean) => void = () => undefined;
  #last: { readonly sentence: CstNode; readonly problems: number } | null = null;

  policy = this.RULE('policy', () => {
    this.list(POLICY, () => this.#readSentence(), null);
    this.ACTION(() => this.#giveLast());
  });

  /** Reads a sentence without making it a part of the tree of the file, which would keep all of them. */
  #readSentence(): void {
    let sentence: CstNode | null = null;
    this.ACTION(() => {
      this.#giveLast();
      const problems = this.problems.length;
      // What SUBRULE does too, besides putting the sentence into the tree of the file.
      sentence = (this.statement as unknown as CoreRule).coreRule.call(this);
      this.#last = { sentence, problems };
    });
    if (sentence === null) this.SUBRULE(this.statement);
  }

  #giveLast(): void {
    if (this.#last === null) return;
    const { sentence, problems } = this.#last;
    this.#last = null;
    this.take(sentence, this.problems.length === problems);
  }

  block = this.RULE('block', () => this.braced(BLOCK, () => this.SUBRULE(this.statement)));

  /** A node without children where the sentence could not be read. */
  statement = this.RULE('statement', () => {
    const read = () => this.OR(this.#sentences);
    this.guarded('statement', read, this.resumeAt(POLICY));
  });

  readonly #sentences = [
    { ALT: () => this.SUBRULE(this.import) },
    { ALT: () => this.SUBRULE(this.host) },
    { ALT: () => this.SUBRULE(this.vm) },
    { ALT: () => this.SUBRULE(this.group) },
    { ALT: () => this.SUBRULE(this.ignore) },
    { ALT: () => this.SUBRULE(this.let) },
    { ALT: () => this.SUBRULE(this.switch) },
    { ALT: () => this.SUBRULE(this.signalDeclaration) },
    { ALT: () => this.SUBRULE(this.test) },
    { ALT: () => this.SUBRULE(this.keep) },
    { ALT: () => this.SUBRULE(this.limit) },
    { ALT: () => this.SUBRULE(this.reserve) },
    { ALT: () => this.SUBRULE(this.guarantee) },
    { ALT: () => this.SUBRULE(this.share) },
    { ALT: () => this.SUBRULE(this.run) },
    { ALT: () => this.SUBRULE(this.pause) },
    { ALT: () => this.SUBRULE(this.yield) },
    { ALT: () => this.SUBRULE(this.place) },
    { ALT: () => this.SUBRULE(this.stop) },
    { ALT: () => this.SUBRULE(this.budget) },
    { ALT: () => this.SUBRULE(this.offer) },
    { ALT: () => this.SUBRULE(this.assert) },
    { ALT: () => this.SUBRULE(this.when) },
    { ALT: () => this.SUBRULE(this.lonelyOtherwise) },
  ];

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
    const isBehind = this.isBehindSentence();
    this.CONSUME(w('when'));
    const head = () => {
      this.SUBRULE(this.condition);
      this.ACTION(() => this.#expectBlock(isBehind));
    };
    this.guarded('condition', head, () => this.skipToBlock(), isBehind);
    this.SUBRULE(this.block);
  });

  /** Fails, as the block would, but where its recovery still finds the block: not behind a sentence (`pause batch when busy`). */
  #expectBlock(isBehind: boolean): void {
    const next = this.LA(1);
    if (next.tokenType !== t.LCurly && (isBehind || !startsSentence(next))) this.CONSUME(t.LCurly);
  }

  lonelyOtherwise = this.RULE('lonelyOtherwise', () => {
    const token = this.CONSUME(w('otherwise'));
    this.ACTION(() => this.report({ kind: 'lonely-otherwise', token }));
    this.OPTION(() => this.SUBRULE(this.block));
  });

  /** Whether tokens are what a rule asks for, all of them. */
  reads(rule: GuardedRule, tokens: readonly IToken[]): boolean {
    this.layout = NO_LAYOUT;
    this.input = [...tokens];
    this[rule]();
    return this.problems.length === 0 && this.errors.length === 0;
  }
}
