import { expect } from 'chai';
import { analyse, type Model, type Source } from '../../src/lang/index.js';

export const sourceOf = (text: string): Source => ({ file: 'test.vmc', text });

/** The model of a policy without errors or warnings. */
export function modelOf(text: string): Model {
  const { model, diagnostics } = analyse(sourceOf(text));
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([]);
  if (model === null) throw new Error('a policy without errors has a model');
  return model;
}
