import { expect } from 'chai';
import fc from 'fast-check';
import { analyse, type Diagnostic } from '../../src/lang/index.js';
import { fixAll, fixesBetween } from '../../src/lsp/check/code-actions.js';
import { changeBetween, movedDiagnostic } from '../../src/lsp/check/text-change.js';

const FILE = 'policy.vmc';
const diagnosticsOf = (text: string): readonly Diagnostic[] => analyse({ file: FILE, text }).diagnostics;
const mistakesIn = (text: string): number => diagnosticsOf(text).length;

describe('fixing all at once', () => {
  it('takes every fix that changes what no other does', () => {
    const text = 'vm video { match user alice  vcpus 1 }\npause vdeo\nlimit vido to 1 core\n';
    const fixes = fixAll(diagnosticsOf(text), text, mistakesIn);
    expect(fixes).to.have.length(2);
  });

  it('offers nothing where that would leave as many mistakes', () => {
    const text = 'vm video { match user alice  vcpus 1 }\npause vdeo\n';
    expect(fixAll(diagnosticsOf(text), text, () => 1)).to.equal(null);
    expect(fixAll([], text, () => 0)).to.equal(null);
  });

  it('leaves out a fix that changes what another one does', () => {
    const text = 'vm video { match user alice  vcpus 1 }\npause vdeo\n';
    const [diagnostic] = diagnosticsOf(text);
    expect(fixAll([diagnostic!, diagnostic!], text, () => 0)).to.have.length(1);
  });

  it('finds the fixes under a selection only', () => {
    const text = 'vm video { match user alice  vcpus 1 }\npause vdeo\n';
    const at = text.indexOf('vdeo');
    expect(fixesBetween(diagnosticsOf(text), at, at)).to.have.length(1);
    expect(fixesBetween(diagnosticsOf(text), 0, 5)).to.deep.equal([]);
  });
});

describe('a change of a text', () => {
  it('is what makes the one out of the other', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (head, cut, put, tail) => {
        const [before, after] = [head + cut + tail, head + put + tail];
        const { start, oldEnd, newEnd } = changeBetween(before, after);
        expect(before.slice(0, start) + after.slice(start, newEnd) + before.slice(oldEnd)).to.equal(after);
      }),
    );
  });

  it('moves what is behind it, and drops what it touches', () => {
    const text = 'vm video { match user alice  vcpus 1 }\npause vdeo\n';
    const [diagnostic] = diagnosticsOf(text);
    const startAfter = (changed: string): number | undefined =>
      movedDiagnostic(diagnostic!, FILE, changeBetween(text, changed))?.range.start.offset;
    expect(startAfter(`# a line\n${text}`)).to.equal(text.indexOf('vdeo') + 9);
    expect(startAfter(`${text}pause video\n`)).to.equal(text.indexOf('vdeo'));
    expect(startAfter(text.replace('vdeo', 'vdio'))).to.equal(undefined);
  });
});
