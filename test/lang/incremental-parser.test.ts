import { expect } from 'chai';
import { analyse } from '../../src/lang/analyse.js';
import { IncrementalParser } from '../../src/lang/incremental-parser.js';
import { mutate } from '../grammar/mutate.js';
import { generatePolicy } from '../grammar/policy-generator.js';
import { Random } from '../grammar/random.js';

const TEXTS = 25;
const EDITS = 12;

/** What the checks make of a text, read from scratch and by a parser that has read others before. */
function compare(parser: IncrementalParser, text: string, note: string): void {
  const source = { file: 'policy.vmc', text };
  const { tree, diagnostics, model } = analyse(source, { parse: (reporter) => parser.parseInto(reporter) });
  const fresh = analyse(source);
  expect(diagnostics, note).to.deep.equal(fresh.diagnostics);
  expect(tree, note).to.deep.equal(fresh.tree);
  expect(model, note).to.deep.equal(fresh.model);
}

describe('reading one state of a text after the other', () => {
  it('gives what reading each from scratch gives, whatever is changed', () => {
    for (let seed = 0; seed < TEXTS; seed++) {
      const random = new Random(seed);
      const parser = new IncrementalParser();
      let text = generatePolicy(random);
      for (let edit = 0; edit < EDITS; edit++) {
        compare(parser, text, `seed ${seed}, edit ${edit}:\n${text}`);
        // Now and then back to what has no mistakes.
        text = random.chance(0.2) ? generatePolicy(random) : mutate(text, random);
      }
    }
  });

  it('gives it at every key of a sentence that is typed in the middle of others', () => {
    const [before, after] = [
      'vm a { match user x vcpus 1 }\nlet b = daily\n',
      'pause a\nlimit a to 1 core\n',
    ];
    for (const typed of [
      'when b {\n  limit a to 25% of cpu by quota\n} otherwise {\n  pause a\n}\n',
      'budget a 20 core-hours per day then pause\n',
      'test "x" {\n  given b\n  expect a paused\n}\n',
      'import "y.vmc"\n',
      'group c = a\n# note\nvm d { match name "d*" and user "u"\n  vcpus 2 }\n',
    ]) {
      const parser = new IncrementalParser();
      for (let keys = 0; keys <= typed.length; keys++) {
        compare(
          parser,
          before + typed.slice(0, keys) + after,
          `after ${JSON.stringify(typed.slice(0, keys))}`,
        );
      }
    }
  });

  it('keeps apart sentences that read alike', () => {
    const parser = new IncrementalParser();
    const text = 'vm a { match user x vcpus 1 }\npause a\npause a\npause a\n';
    compare(parser, text, 'at first');
    compare(parser, `# moved\n${text}pause a\n`, 'with one more');
    compare(parser, text.replace('pause a\n', ''), 'with one less');
  });

  it('takes sentences up again that were cut off from the file by an open brace', () => {
    const parser = new IncrementalParser();
    const text =
      'vm a { match user x vcpus 1 }\nswitch s\nwhen s { pause a }\nlimit a to 1 core\nvm b { match user y vcpus 1 }\n';
    compare(parser, text, 'at first');
    compare(parser, text.replace('a }\n', 'a \n'), 'open');
    compare(parser, text, 'closed');
  });
});
