import { expect } from 'chai';
import { analyse, type Model, type Source } from '../../src/lang/index.js';

export const sourceOf = (text: string): Source => ({ file: 'test.vmc', text });

/** The model of a policy without errors or warnings; it may declare what it does not use. */
export function modelOf(text: string): Model {
  const { model, diagnostics } = analyse(sourceOf(text));
  const complaints = diagnostics.filter(({ severity }) => severity !== 'advice');
  expect(complaints.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([]);
  if (model === null) throw new Error('a policy without errors has a model');
  return model;
}
