import { expect } from 'chai';
import * as fc from 'fast-check';
import type { AnyCommand } from '../../src/cli/command.js';
import { COMMANDS } from '../../src/cli/commands.js';
import { GLOBAL_OPTIONS } from '../../src/cli/global-options.js';
import { positionalsOf } from '../../src/cli/positionals.js';
import { quickParse } from '../../src/cli/quick-parse.js';
import { yargsParse } from '../../src/cli/yargs-parse.js';

/** Words that mean something to some command, and some that do not; not `-`, which yargs takes for an empty text. */
function words(command: AnyCommand): fc.Arbitrary<string[]> {
  const options = Object.entries({ ...command.options, ...GLOBAL_OPTIONS });
  const flags = options.flatMap(([name, { alias }]) => [`--${name}`, ...(alias ? [`-${alias}`] : [])]);
  const choices = Object.values({ ...command.options, ...command.positionals, ...GLOBAL_OPTIONS }).flatMap(
    (spec) => spec.choices ?? [],
  );
  const word = fc.constantFrom('a', 'x.vmc', '10', 'a=b', 'for', '2h', ...choices);
  const option = fc.oneof(
    fc.constantFrom(...flags),
    fc.tuple(fc.constantFrom(...flags), word).map(([flag, value]) => `${flag}=${value}`),
    fc.constantFrom(
      '--',
      '-x',
      '--nope',
      '-qo',
      '--no-quiet',
      '--help',
      '--version',
      '',
      '--=',
      '-5',
      '--format=',
    ),
  );
  const any = fc.array(fc.oneof({ weight: 3, arbitrary: word }, { weight: 2, arbitrary: option }), {
    maxLength: 6,
  });
  const positionals = positionalsOf(command.usage).map(({ name }) =>
    fc.constantFrom(...(command.positionals[name]?.choices ?? ['a', 'x.vmc'])),
  );
  const given = fc.tuple(fc.tuple(...positionals), fc.array(option, { maxLength: 3 }));
  return fc.oneof(
    any,
    given.map(([first, rest]) => [...first, ...rest]),
  );
}

/** What the command sees: its own arguments, without yargs' bookkeeping and what is not given. */
function seen(args: object): Record<string, unknown> {
  const entries = Object.entries(args).filter(
    ([name, value]) => !['_', '$0'].includes(name) && value !== undefined,
  );
  return Object.fromEntries(entries);
}

describe('the parser of plain command lines', () => {
  for (const { name, summary, load } of COMMANDS) {
    it(`gives what yargs gives, or leaves the command line to it: ${name}`, async () => {
      const command = await load();
      let parsed = 0;
      await fc.assert(
        fc.asyncProperty(words(command), async (line) => {
          const quick = quickParse(line, command);
          if (!quick) return;
          parsed++;
          const invocation = await yargsParse([name, ...line], [{ name, summary, command }], 100);
          expect(invocation.kind).to.equal('command');
          if (invocation.kind === 'command') expect(seen(quick)).to.deep.equal(seen(invocation.args));
        }),
        { numRuns: 300 },
      );
      expect(parsed).to.be.greaterThan(10);
    });
  }
});
