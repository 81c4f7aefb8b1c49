import { expect } from 'chai';
import { analyse, parse } from '../../src/lang/index.js';
import { sourceOf } from './support.js';

const CLASS = 'vm a { match user x vcpus 1 }\n';

/** Errors as "code:line", in the order of the text. */
const errorsOf = (text: string) =>
  analyse(sourceOf(text)).diagnostics.map(({ code, range }) => `${code}:${range.start.line}`);
const kindsIn = (text: string) => parse(sourceOf(text)).tree.statements.map(({ kind }) => kind);

describe('after a mistake', () => {
  it('the rest of the file is read, and its mistakes told', () => {
    const text = `${CLASS}limt a to 1 core
limit a too 1 core
pause a
pause b
when daily and { pause c }
let x = owner.demnd > 60%
reserve a 4MB every 20ms
`;
    expect(errorsOf(text)).to.deep.equal([
      'VMC1002:2',
      'VMC1001:3',
      'VMC2001:5',
      'VMC1001:6',
      'VMC2001:6',
      'VMC2004:7',
      'VMC2101:8',
    ]);
  });

  it('sentences are taken up where they begin a line, not at words that also begin sentences', () => {
    const text = `${CLASS}limit a to to by share pause a\n  by share\npause a\n`;
    expect(errorsOf(text)).to.deep.equal(['VMC1001:2']);
    const budget = `${CLASS}budget a 20 core-hours per dya then pause\npause a\n`;
    expect(errorsOf(budget)).to.deep.equal(['VMC1001:2']);
    expect(kindsIn(budget)).to.deep.equal(['class', 'pause']);
  });

  it('the other properties of a class are read, and none is missed', () => {
    const text = 'vm a {\n  match nam "x"\n  vcpus 0\n}\npause a\n';
    expect(errorsOf(text)).to.deep.equal(['VMC1001:2', 'VMC2107:3']);
  });

  it('in a declaration, what it declares is no unknown name', () => {
    expect(
      errorsOf(
        'vm a match user x }\nvm b {\n  vcpu 2\n}\nlet c = \nswitch d e\npause a\nwhen c and d { pause b }',
      ),
    ).to.deep.equal(['VMC1001:1', 'VMC1003:3', 'VMC1001:5', 'VMC1020:6']);
  });

  it('in any declaration, what it would declare is no unknown name', () => {
    const sentences = 'signal price numbr\noffer two vms web { vcpus 2 }\n';
    expect(errorsOf(`${sentences}when price > 3 { pause web }`)).to.deep.equal(['VMC1001:1', 'VMC1001:2']);
    expect(errorsOf('import common\nwhen night { pause web }')).to.deep.equal(['VMC1001:1']);
  });

  it('in an offer, its other terms and the sentences behind it are read', () => {
    const text = `${CLASS}offer 2 vms web {\n  vcpu 2\n  guarantee 1 cor\n  limit 2 cores\n}\nlimit a too 1 core\n`;
    expect(errorsOf(text)).to.deep.equal(['VMC1003:3', 'VMC2102:4', 'VMC1001:5', 'VMC1001:7']);
  });

  it('in a test, its other lines are read', () => {
    const text = `${CLASS}test "it" {
  at 2026-11-23 9:00
  given owner.demand 80%
  given vms a b
  expct a paused
  expect a at most 2 GiB
  expect that daily and
  expect a paused
}
switch limit
`;
    const found = [
      'VMC1016:3',
      'VMC1020:4',
      'VMC1020:5',
      'VMC1003:6',
      'VMC2101:7',
      'VMC1001:8',
      'VMC1018:11',
    ];
    expect(errorsOf(text)).to.deep.equal(found);
  });

  it('a sentence at the indentation of a body ends it, a deeper one is a mistake in it', () => {
    expect(errorsOf(`${CLASS}test "it" {\n  expect a paused\n\npause a\n`)).to.deep.equal(['VMC1004:2']);
    expect(errorsOf(`${CLASS}test "it" {\n  pause a\n  expect a paused\n}\n`)).to.deep.equal(['VMC1003:3']);
    const guarded = `${CLASS}when daily {\n  offer 1 vm b {\n    vcpus 1\n\n  pause a\n}\n`;
    expect(errorsOf(guarded)).to.deep.equal(['VMC1004:3']);
  });

  it('in the condition of a `when`, its block and its `otherwise` are read', () => {
    const text = `${CLASS}when daily an { pause b } otherwise when mon { pause c } otherwise { pause d }`;
    expect(errorsOf(text)).to.deep.equal(['VMC1001:2', 'VMC2001:2', 'VMC2001:2', 'VMC2001:2']);
  });

  it('in a block, the sentences behind the block are not part of it', () => {
    const { tree } = parse(sourceOf('when daily {\n  pause\n  limit a to 1 core\n}\npause a\n'));
    expect(tree.statements.map(({ kind }) => kind)).to.deep.equal(['when', 'pause']);
  });

  it('a missing brace ends its block at the next declaration at the margin', () => {
    expect(kindsIn('when daily {\n  pause a\n\nvm a { match user x vcpus 1 }\npause a')).to.deep.equal([
      'when',
      'class',
      'pause',
    ]);
  });
});
