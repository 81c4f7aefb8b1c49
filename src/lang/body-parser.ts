import type { IToken } from 'chevrotain';
import type { Body } from './bodies.js';
import { ConstraintParser } from './constraint-parser.js';
import * as t from './tokens.js';

/** What the rules with braces have in common. */
export abstract class BodyParser extends ConstraintParser {
  /** Sentences or properties up to the end of their file or braces; what is neither is reported and skipped. */
  protected list(body: Body, read: () => void, open: IToken | null): void {
    this.ACTION(() => this.skipStrays(body, open));
    this.MANY({
      GATE: () => !this.endsBody(body, open),
      DEF: () => {
        read();
        this.ACTION(() => this.skipStrays(body, open));
      },
    });
  }

  /** {@link list} between braces, of which either may be missing. */
  protected braced(body: Body, read: () => void): void {
    // Where it is missing what follows stands for it; a report may skip that, when there were too many.
    const next = this.LA(1);
    const open = this.lacksBrace(body) ? next : this.CONSUME(t.LCurly);
    this.list(body, read, open);
    this.OPTION({ GATE: () => this.isClosed(open), DEF: () => this.CONSUME(t.RCurly) });
  }
}
