import { expect } from 'chai';
import { ProcFile } from '../../src/support/proc-file.js';
import { FakeProc } from '../rps/support/fake-proc.js';

describe('ProcFile', () => {
  let proc: FakeProc;
  beforeEach(() => {
    proc = new FakeProc();
  });
  afterEach(() => proc.dispose());

  function open(content: string): ProcFile {
    proc.write('file', content);
    const file = ProcFile.open(`${proc.root}/file`);
    expect(file?.read()).to.equal(true);
    return file!;
  }

  it('reads numbers of a line, fractions, and lines', () => {
    const file = open('some avg10=1.05 total=12\nnext 7');
    expect(file.take('some avg10=')).to.equal(true);
    expect(file.decimal()).to.be.closeTo(1.05, 1e-12);
    expect(file.number()).to.equal(12);
    expect(file.number()).to.be.NaN;
    expect(file.take('next')).to.equal(false);
    expect(file.nextLine()).to.equal(true);
    expect(file.take('next')).to.equal(true);
    expect(file.decimal()).to.equal(7);
    expect(file.nextLine()).to.equal(false);
    file.close();
  });

  it('sees new content of the same file at the next read', () => {
    const file = open('1\n');
    proc.write('file', '22\n');
    file.read();
    expect(file.number()).to.equal(22);
    file.close();
  });

  it('gives all of it as text', () => {
    const file = open('tür\n');
    expect(file.text()).to.equal('tür\n');
    file.close();
  });

  it('reads a file of any length', () => {
    const file = open(`${'1 '.repeat(200_000)}\n42`);
    expect(file.nextLine()).to.equal(true);
    expect(file.number()).to.equal(42);
    file.close();
  });

  it('finds what follows a command name, whatever that holds', () => {
    const file = open('12 (a) 99 (b)) S 5');
    file.afterName();
    expect(file.number()).to.equal(5);
    file.close();
  });

  it('is null when there is no such file, and empty when there is nothing in it', () => {
    expect(ProcFile.open(`${proc.root}/none`)).to.equal(null);
    proc.write('file', '');
    const file = ProcFile.open(`${proc.root}/file`)!;
    expect(file.read()).to.equal(false);
    expect(file.number()).to.be.NaN;
    file.close();
  });
});
