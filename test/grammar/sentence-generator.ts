import type { GrammarRule, GrammarSymbol, NormativeGrammar } from './load-grammar.js';
import type { Random } from './random.js';

/** Names worth trying: words that mean something elsewhere in the grammar, and words that begin like reserved ones. */
const NAMES = (
  'a b batch video to every of by cores core s ms h up among x-1 mon-x mon-friday limits cpu demand in at over a_b C B ' +
  'vms given expect unknown spent most paused day per then on between number core-hours within running its tasks'
).split(' ');

const WHITE = ['', '', ' ', ' ', ' ', '\n', '\t ', '\r\n', ' # a note\n', '#\n'];
const CHARACTERS = [
  ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)),
  '\t',
  '\n',
  'ü',
  '漢',
];
const MAX_DEPTH = 28;
/** Characters behind which a text is brought to its end. */
const MAX_LENGTH = 160;

/** Walks the rules of the grammar at random; every text that it makes follows them, save for reserved words as names. */
export class SentenceGenerator {
  readonly #random: Random;
  readonly #rules = new Map<string, GrammarRule[]>();
  readonly #cost = new Map<GrammarRule, number>();
  #text = '';
  /** The length at which the walk takes the shortest ways to the end. */
  #goal = 0;

  constructor(grammar: NormativeGrammar, random: Random) {
    this.#random = random;
    for (const rule of grammar.rules) {
      const known = this.#rules.get(rule.name);
      if (known === undefined) this.#rules.set(rule.name, [rule]);
      else known.push(rule);
    }
    this.#findCosts(grammar.rules);
  }

  /** A text of the rule `start`. */
  generate(start: string): string {
    this.#text = '';
    this.#goal = 1 + this.#random.below(MAX_LENGTH);
    this.#walk(start, 0);
    return this.#text;
  }

  /** The least depth of a derivation of each rule, so that the walk can be brought to an end. */
  #findCosts(rules: readonly GrammarRule[]): void {
    const costOf = (symbol: GrammarSymbol): number =>
      typeof symbol === 'string'
        ? Math.min(...(this.#rules.get(symbol) ?? []).map((rule) => this.#cost.get(rule) ?? Infinity))
        : 0;
    for (let changed = true; changed; ) {
      changed = false;
      for (const rule of rules) {
        const cost = 1 + Math.max(0, ...rule.symbols.map(costOf));
        if (cost < (this.#cost.get(rule) ?? Infinity)) {
          this.#cost.set(rule, cost);
          changed = true;
        }
      }
    }
  }

  #walk(symbol: GrammarSymbol, depth: number): void {
    if (typeof symbol !== 'string') this.#emit(symbol);
    else if (symbol === '_') this.#text += this.#random.pick(WHITE);
    else if (symbol === '__') this.#text += this.#random.pick(WHITE.filter((white) => white !== ''));
    else if (symbol === 'B') this.#separate();
    else if (symbol === 'letters' && this.#random.next() < 0.9) this.#text += this.#random.pick(NAMES);
    else for (const part of this.#choose(symbol, depth).symbols) this.#walk(part, depth + 1);
  }

  #emit(symbol: Exclude<GrammarSymbol, string>): void {
    if (!(symbol instanceof RegExp)) this.#text += symbol.literal;
    else this.#text += this.#random.pick(CHARACTERS.filter((character) => symbol.test(character)));
  }

  /** Behind a word, a word or number is set apart; now and then it is not, which both parsers have to notice. */
  #separate(): void {
    if (/[A-Za-z0-9_-]$/.test(this.#text) && this.#random.next() < 0.98) this.#text += ' ';
  }

  #choose(name: string, depth: number): GrammarRule {
    const rules = this.#rules.get(name) ?? [];
    if (depth < MAX_DEPTH && this.#text.length < this.#goal) return this.#random.pick(rules);
    const least = Math.min(...rules.map((rule) => this.#cost.get(rule) ?? Infinity));
    return this.#random.pick(rules.filter((rule) => this.#cost.get(rule) === least));
  }
}
