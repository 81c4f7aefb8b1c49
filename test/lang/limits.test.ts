import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { analyse } from '../../src/lang/index.js';
import { EXAMPLE } from './format/language-example.js';
import { sourceOf } from './support.js';

const CLASS = 'vm a { match user x vcpus 1 }\n';
const codesOf = (text: string) =>
  analyse(sourceOf(text))
    .diagnostics.filter(({ severity }) => severity !== 'advice')
    .map(({ code }) => code);

const offer = (terms: string) => `offer 1 vm x { vcpus 1 ${terms} }`;
const test = (lines: string) => `test "t" { ${lines} expect a at most 1 core }`;

const unionsOfUnions = (levels: number) =>
  Array.from({ length: levels }, (_, n) => `group u${n} = a${n === 0 ? '' : `, u${n - 1}`}`).join('\n');

/** Sentences at the very ends of their ranges, and just beyond. */
const RANGES: readonly (readonly [within: string, beyond: string, code: string])[] = [
  ['reserve a 1.024us every 100us', 'reserve a 1.023us every 100us', 'VMC2107'],
  ['reserve a 50us every 100us', 'reserve a 50us every 99.999us', 'VMC2107'],
  ['reserve a 4s every 4s', 'reserve a 4s every 4.000000001s', 'VMC2107'],
  ['reserve a 4ms every 4ms', 'reserve a 4.000001ms every 4ms', 'VMC2108'],
  ['reserve a 100us every 0.1ms', 'reserve a 1024.5ns every 0.1ms', 'VMC2106'],
  ['when daily { reserve a 1ms every 1s }', 'when daily { reserve a 1ms every 1.001s }', 'VMC2109'],
  ['run a 1ms every 10ms', 'run a 1ms every 9.999ms', 'VMC2107'],
  ['run a 1h every 1h', 'run a 1h every 61min', 'VMC2107'],
  ['reserve a 1.024us in any 100us', 'reserve a 1.024us in any 99us', 'VMC2107'],
  ['reserve a 1ms in any 1h', 'reserve a 1ms in any 61min', 'VMC2107'],
  ['reserve a 1ms in any 1ms', 'reserve a 1.001ms in any 1ms', 'VMC2108'],
  [offer('task t 1us every 100us'), offer('task t 0.5us every 100us'), 'VMC2107'],
  [offer('task t 1us every 100us'), offer('task t 1us every 99us'), 'VMC2107'],
  [offer('task t 1h every 1h'), offer('task t 1h every 61min'), 'VMC2107'],
  [offer('task t 4ms every 4ms'), offer('task t 4.001ms every 4ms'), 'VMC2115'],
  [offer('task t 3ms every 4ms within 3ms'), offer('task t 3.001ms every 4ms within 3ms'), 'VMC2115'],
  [offer('task t 3ms every 4ms within 4ms'), offer('task t 3ms every 4ms within 4.001ms'), 'VMC2115'],
  ['offer 1000 vms x { vcpus 1024 }', 'offer 1001 vms x { vcpus 1 }', 'VMC2107'],
  [
    'offer 1 vm x { vcpus 1 overhead 1ms every 4s }',
    'offer 1 vm x { vcpus 1 overhead 1ms every 5s }',
    'VMC2107',
  ],
  ['limit a to 1024 TiB memory', 'limit a to 1024.1 TiB memory', 'VMC2107'],
  ['limit a to 100% of memory', 'limit a to 100.1% of memory', 'VMC2107'],
  ['limit a to 1000 GB/s disk', 'limit a to 1001 GB/s network', 'VMC2107'],
  ['limit a to 1 iops disk', 'limit a to 0 iops disk', 'VMC2107'],
  ['assert a at most 0 cores', 'assert a at most 101% of cpu', 'VMC2107'],
  ['assert a at most 0 MB/s disk', 'guarantee a 0 MB/s disk', 'VMC2107'],
  ['budget a 6094848 core-hours per day', 'budget a 6094849 core-hours per day', 'VMC2107'],
  ['budget a 0.000000001 core-seconds per day', 'budget a 0.0000000001 core-seconds per day', 'VMC2106'],
  ['stop a within 1s', 'stop a within 0.9s', 'VMC2107'],
  ['stop a within 1d', 'stop a within 25h', 'VMC2107'],
  ['place a on cores 0,8191', 'place a on cores 8190-8192', 'VMC2107'],
  ['place a on cores 3-3', 'place a on cores 3-2', 'VMC2118'],
  [
    'limit a to 2 cores - a.cpu between 1 core and 1.1 cores',
    'limit a to 2 cores - a.cpu between 1.2 cores and 1.1 cores',
    'VMC2117',
  ],
  [test('given vms a'), test('given vms 2 a'), 'VMC2030'],
  [test('at 2026-11-23 23:59'), test('at 2026-11-23 23:60'), 'VMC2110'],
  ['limit a to 100% of cpu', 'limit a to 100.1% of cpu', 'VMC2107'],
  ['limit a to 150% of a core', 'limit a to 0% of a core', 'VMC2107'],
  ['keep 8192 cores for owner', 'keep 8193 cores for owner', 'VMC2107'],
  ['share cpu among a 0.001, others 1', 'share cpu among a 0.0, others 1', 'VMC2107'],
  ['when daily 23:59-24:00 { pause a }', 'when daily 23:60-24:00 { pause a }', 'VMC2110'],
  ['when 2028-02-29 { pause a }', 'when 2100-02-29 { pause a }', 'VMC2112'],
  ['when 2000-02-29 { pause a }', 'when 0000-00-01 { pause a }', 'VMC2112'],
  ['when 1970-01-01 { pause a }', 'when 1969-12-31 { pause a }', 'VMC2107'],
  ['when 2199-12-31 { pause a }', 'when 2200-01-01 { pause a }', 'VMC2107'],
  ['let x = owner.demand > 60% until <= 60%', 'let x = owner.demand >= 60% until <= 60%', 'VMC6003'],
  ['let x = owner.demand < 40% until >= 40%', 'let x = owner.demand < 60% until > 40%', 'VMC6003'],
  [unionsOfUnions(64), unionsOfUnions(65), 'VMC1010'],
  [`when ${'not '.repeat(64)} daily { }`, `when ${'not '.repeat(65)} daily { }`, 'VMC1010'],
  [`let x = daily${' except (mon)'.repeat(63)}`, `let x = daily${' except (mon)'.repeat(65)}`, 'VMC1010'],
  [
    `when daily { } ${'otherwise when mon { } '.repeat(63)}`,
    `when daily { } ${'otherwise when mon { } '.repeat(65)}`,
    'VMC1010',
  ],
  [
    `when ${'('.repeat(64)}daily${')'.repeat(64)} { }`,
    `when ${'('.repeat(65)}daily${')'.repeat(65)} { }`,
    'VMC1010',
  ],
  [`let x = daily${' except mon'.repeat(64)}`, `let x = daily${' except mon'.repeat(65)}`, 'VMC1010'],
  [
    `${'when daily { '.repeat(64)}${'}'.repeat(64)}`,
    `${'when daily { '.repeat(65)}${'}'.repeat(65)}`,
    'VMC1010',
  ],
];

describe('the limits of the language', () => {
  for (const [within, beyond, code] of RANGES) {
    it(`allow \`${within.slice(0, 50)}\`, and ${code} refuses \`${beyond.slice(0, 50)}\``, () => {
      expect(codesOf(`${CLASS}${within}`)).to.deep.equal([]);
      expect(codesOf(`${CLASS}${beyond}`)).to.deep.equal([code]);
    });
  }

  it('allow a file of a mebibyte, counted in bytes of UTF-8', () => {
    const text = (characters: number) => `switch a # ${'ü'.repeat(characters)}`;
    const room = (1_048_576 - text(0).length) / 2;
    expect(codesOf(text(Math.floor(room)))).to.deep.equal([]);
    expect(codesOf(text(Math.floor(room) + 1))).to.deep.equal(['VMC1011']);
  });

  it('allow a million cores to be named in all, and as many things to be given as a model can hold', () => {
    const place = 'place a on cores 0-8191,5-7\n';
    expect(codesOf(`${CLASS}${place.repeat(128)}`)).to.deep.equal([]);
    expect(codesOf(`${CLASS}${place.repeat(140)}`)).to.deep.equal(['VMC2107']);
    const classes = Array.from({ length: 1000 }, (_, i) => `vm c${i} { match user x vcpus 1 }\n`).join('');
    const tests = (count: number) =>
      Array.from({ length: count }, (_, i) => `test "${i}" { given vms guests expect guests paused }\n`).join(
        '',
      );
    expect(codesOf(`${classes}${tests(100)}`)).to.deep.equal([]);
    expect(codesOf(`${classes}${tests(103)}`)).to.deep.equal(['VMC2107']);
  });

  it('do not count sentences beside each other as nesting', () => {
    const arms = 'when daily { pause a } otherwise when mon { pause a }\n';
    expect(codesOf(`${CLASS}${arms.repeat(100)}let x = ${'not daily and '.repeat(100)}daily`)).to.deep.equal(
      [],
    );
  });
});

describe('policies of the examples', () => {
  it('have no errors, no warnings and no advice in the design of the language', () => {
    const { model, diagnostics } = analyse(sourceOf(WORKSTATION));
    expect(diagnostics).to.deep.equal([]);
    expect(model?.classes.map(({ name }) => name)).to.deep.equal(['video', 'build', 'batch']);
    expect(model?.sentences).to.have.lengthOf(13);
  });

  const directory = new URL('../../examples/policies/', import.meta.url);
  for (const file of readdirSync(directory).filter((name) => name.endsWith('.vmc'))) {
    it(`have no errors: ${file}`, () => {
      const { model } = analyse({ file, text: readFileSync(new URL(file, directory), 'utf8') });
      expect(model).not.to.equal(null);
    });
  }
});

const WORKSTATION = `${EXAMPLE}test "batch yields in office hours" {
  at 2026-11-23 10:00
  given owner.demand = 80%                    # conditions start from steady state: every \`for\` is already over
  given vms video, build, 3 batch
  expect batch at most 25% of cpu
  expect batch runs 200ms every 1s
  expect video reserved for its tasks
  expect that office and busy
}
`;
