import { spawnSync } from 'node:child_process';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { ErrorSchema } from '../../src/api/diagnostics-schema.js';
import { COMMANDS } from '../../src/cli/commands.js';
import { DEMO_POLICY, documentOf, VMC, vmc } from './vmc.js';

describe('the command line of vmc', () => {
  it('lists every command, and has help with an example for each', async () => {
    const { stdout, exitCode } = await vmc(['--help']);
    expect(exitCode).to.equal(0);
    for (const { name } of COMMANDS) {
      expect(stdout).to.contain(`vmc ${name}`);
      const help = await vmc([name, '--help']);
      expect(help, name).to.include({ exitCode: 0, stderr: '' });
      expect(help.stdout).to.match(new RegExp(`^Examples:\\n  vmc ${name}`, 'm'));
      for (const option of ['--format', '--color', '--quiet']) expect(help.stdout).to.contain(option);
    }
  });

  it('says its version', async () => {
    expect((await vmc(['--version'])).stdout).to.match(/^\d+\.\d+\.\d+\n$/);
  });

  const mistakes: readonly (readonly [what: string, args: readonly string[], complaint: RegExp])[] = [
    ['no command', [], /command is missing/],
    [
      'an unknown command',
      ['compil', 'x.vmc'],
      /there is no command 'compil'[\s\S]*did you mean 'vmc compile'/,
    ],
    [
      'help with an unknown command',
      ['statu', '--help'],
      /there is no command 'statu'[\s\S]*did you mean 'vmc status'/,
    ],
    ['help with nothing like a command', ['--help', 'frobnicate'], /there is no command 'frobnicate'/],
    [
      'a value that is neither on or off nor a quantity',
      ['set', 'gaming', 'maybe'],
      /'maybe' is neither on, off nor a quantity[\s\S]*31\.5/,
    ],
    ['an unknown signal', ['sense', 'owner.demnd', '--count', '1'], /did you mean 'owner.demand'/],
    [
      'nothing like a signal',
      ['sense', 'owner.demand', 'nonsense', '--count', '1'],
      /there is no signal 'nonsense'[\s\S]*host\.cpu/,
    ],
    [
      'a flow that is none',
      ['enforce', 'x.vmc', '--flow', 'lab', '--flow-token-file', 't'],
      /NAME=ADDRESS:PORT/,
    ],
    [
      'a flow without a token',
      ['enforce', 'x.vmc', '--flow', 'lab=192.0.2.7:7070'],
      /--flow-token-file FILE/,
    ],
    [
      'two flows of one name',
      ['enforce', 'x.vmc', '--flow', 'a=192.0.2.7:1', '--flow', 'a=192.0.2.8:1', '--flow-token-file', 't'],
      /two flows 'a'/,
    ],
    ['nothing like a command', ['frobnicate'], /there is no command 'frobnicate'[\s\S]*--help/],
    ['an unknown option', ['compile', 'x.vmc', '--hots', 'f'], /hots[\s\S]*did you mean '--host'/],
    ['a missing argument', ['compile'], /<policy> is missing/],
    ['several missing arguments', ['diff'], /<old> and <new> are missing/],
    ['one of two missing', ['diff', 'x.vmc'], /<new> is missing/],
    ['missing files', ['check'], /<files\.\.> is missing/],
    ['a superfluous argument', ['verify', 'a', 'b'], /unknown argument: b/],
    [
      'a value that is no choice',
      ['check', 'x.vmc', '--format', 'xml'],
      /--format is one of 'text', 'json', not 'xml'/,
    ],
    ['an option without its value', ['compile', 'x.vmc', '--host'], /host/],
    [
      'an option that is given twice',
      ['compile', 'x.vmc', '--host', 'a', '--host', 'b'],
      /--host is given twice/,
    ],
    ['an unknown subcommand', ['vm', 'explode'], /explode/],
    ['a guest that is not named', ['vm', 'stop'], /which guest/],
    ['a period that is none', ['set', 'gaming', 'on', 'for', 'noon'], /for 2h/],
    ['a word that is no period', ['set', 'gaming', 'on', 'until', 'noon'], /for 2h/],
  ];
  for (const [what, args, complaint] of mistakes) {
    it(`ends with 3 for ${what}`, async () => {
      const told = await vmc(args);
      expect(told).to.include({ exitCode: 3, stdout: '' });
      expect(told.stderr)
        .to.match(complaint)
        .and.not.match(/^\s+at /m);
      const json = await vmc(args.includes('--format') ? args : [...args, '--format=json']);
      expect(json.exitCode).to.equal(3);
      if (!args.includes('--format'))
        expect([...Value.Errors(ErrorSchema, documentOf(json))]).to.deep.equal([]);
    });
  }

  it('completes commands and options for the shell', async () => {
    const commands = await vmc(['--get-yargs-completions', 'vmc', '']);
    for (const { name } of COMMANDS) expect(commands.stdout.split('\n')).to.include.members([name]);
    const options = await vmc(['--get-yargs-completions', 'vmc', 'compile', '--']);
    expect(options.stdout.split('\n')).to.include('--host');
    expect((await vmc(['completion'])).stdout).to.contain('--get-yargs-completions');
  });

  it('ends quietly when its reader has gone away', () => {
    const script = `"$1" compile "$2" --format json | head -c 1 >/dev/null; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', script, 'bash', VMC, DEMO_POLICY], {
      encoding: 'utf8',
    });
    expect(stderr).to.equal('');
    expect(stdout).to.match(/^[02]\n$/);
  });
});
