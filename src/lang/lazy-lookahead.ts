import { type ILookaheadStrategy, type IOrAlt, LLkLookaheadStrategy } from 'chevrotain';

type AlternationOptions = Parameters<ILookaheadStrategy['buildLookaheadForAlternation']>[0];
type OptionalOptions = Parameters<ILookaheadStrategy['buildLookaheadForOptional']>[0];
type Decide = (this: unknown, alternatives?: IOrAlt<unknown>[]) => number | undefined;
type Holds = (this: unknown) => boolean;

/**
 * Chevrotain's own lookahead, computed for each decision of the grammar when a text first comes to it instead of for all of
 * them when the parser is built: a policy uses few, and computing them is most of what building the parser takes.
 */
export class LazyLookahead extends LLkLookaheadStrategy {
  override buildLookaheadForAlternation(options: AlternationOptions): Decide {
    let decide: Decide | undefined;
    const build = (): Decide => super.buildLookaheadForAlternation(options);
    return function (this: unknown, alternatives) {
      decide ??= build();
      return decide.call(this, alternatives);
    };
  }

  override buildLookaheadForOptional(options: OptionalOptions): Holds {
    let holds: Holds | undefined;
    const build = (): Holds => super.buildLookaheadForOptional(options);
    return function (this: unknown) {
      holds ??= build();
      return holds.call(this);
    };
  }
}
