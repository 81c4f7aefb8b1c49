import type { IToken } from 'chevrotain';
import { ConstraintParser } from './constraint-parser.js';
import type { Starts } from './recovering-parser.js';
import type { BodyRule } from './syntax-problem.js';
import * as t from './tokens.js';

/** What the rules with braces have in common. */
export abstract class BodyParser extends ConstraintParser {
  /** Sentences or properties up to the end of their file or braces; what is neither is reported and skipped. */
  protected list(rule: BodyRule, starts: Starts, read: () => void, open: IToken | null): void {
    this.ACTION(() => this.skipStrays(rule, starts, open));
    this.MANY({
      GATE: () => !this.endsBody(rule, starts),
      DEF: () => {
        read();
        this.ACTION(() => this.skipStrays(rule, starts, open));
      },
    });
  }

  /** {@link list} between braces, of which either may be missing. */
  protected braced(rule: BodyRule, starts: Starts, read: () => void): void {
    const open = this.lacksBrace(rule, starts) ? this.LA(1) : this.CONSUME(t.LCurly);
    this.list(rule, starts, read, open);
    this.OPTION({ GATE: () => this.isClosed(open), DEF: () => this.CONSUME(t.RCurly) });
  }
}
