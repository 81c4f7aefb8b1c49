import { expect } from 'chai';
import { type CatalogueDiagnostic, type Diagnostic, defineDiagnostics } from '../../src/lang/index.js';

const catalogue = defineDiagnostics({
  tooLoud: {
    code: 'VMC9001',
    severity: 'warning',
    title: 'Too loud',
    message: (p: { name: string; decibels: number }) => `${p.name} makes ${p.decibels} dB.`,
    hint: (p) => (p.decibels > 100 ? 'Run.' : null),
  },
});

const position = { line: 1, column: 1, offset: 0 };
const place = { file: 'a.vmc', range: { start: position, end: position } };

describe('a catalogue entry', () => {
  it('makes diagnostics from its typed parameters', () => {
    expect(catalogue.tooLoud.at(place, { name: 'video', decibels: 110 })).to.deep.equal({
      code: 'VMC9001',
      severity: 'warning',
      message: 'video makes 110 dB.',
      hint: 'Run.',
      ...place,
      related: [],
    });
    expect(catalogue.tooLoud.at(place, { name: 'video', decibels: 90 })).not.to.have.property('hint');
  });

  it('does not compile with parameters of another kind, nor does a message that no entry made', () => {
    // @ts-expect-error: decibels are a number
    catalogue.tooLoud.at(place, { name: 'video', decibels: 'many' });
    // @ts-expect-error: a parameter is missing
    catalogue.tooLoud.at(place, { name: 'video' });
    const adHoc: Diagnostic = { code: 'VMC9002', severity: 'error', message: 'Bad.', ...place, related: [] };
    // @ts-expect-error: only entries make what the stages collect
    const collected: CatalogueDiagnostic[] = [adHoc];
    expect(collected).to.have.lengthOf(1);
  });
});
