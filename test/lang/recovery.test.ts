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
    expect(kindsIn('budget a 20 core-hours per day then pause\npause a')).to.deep.equal(['pause']);
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

  it('what an unsupported sentence would declare is no unknown name', () => {
    const sentences = 'signal price number\noffer 2 vms web {\n  vcpus 2\n  reserve 4ms every 20ms\n}\n';
    expect(errorsOf(`${sentences}when price > 3 { pause web }`)).to.deep.equal(['VMC2016:1', 'VMC2016:2']);
    expect(errorsOf('import "common.vmc"\nwhen night { pause web }')).to.deep.equal(['VMC2016:1']);
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
