import { expect } from 'chai';
import * as compilerCatalogue from '../../src/compiler/catalogue.js';
import {
  analyse,
  type CatalogueHeading,
  catalogueHeadings,
  type ImportReader,
} from '../../src/lang/index.js';
import { errorPages } from './error-pages.js';
import { MEANING_ADVICE, MEANING_MISTAKES } from './meaning-mistakes.js';
import { ADVISED, MISTAKES } from './mistakes.js';

/** Both catalogues of the project: that of the language and that of the compiler. */
function allHeadings(): readonly CatalogueHeading[] {
  const ofCompiler = Object.values(compilerCatalogue).flatMap(
    (group) => Object.values(group) as CatalogueHeading[],
  );
  return [...catalogueHeadings(), ...ofCompiler];
}

/** Examples import a file that is there. */
const readImport: ImportReader = (file) =>
  file === 'common.vmc' ? { kind: 'text', text: '' } : { kind: 'refused', reason: 'there is no such file' };

const drawnBy = (text: string) => analyse({ file: 'page.vmc', text }, { readImport }).diagnostics;

/** Examples show one thing, and may leave names unused for it: advice counts where it is what they show. */
const codesIn = (text: string, shown: string) =>
  drawnBy(text)
    .filter(({ code, severity }) => severity !== 'advice' || code === shown)
    .map(({ code }) => code);

/** Those of whole policies of several files: imports.test.ts. */
const OF_SEVERAL_FILES = ['VMC2018', 'VMC2019', 'VMC2020', 'VMC2021'];

describe('the catalogue of diagnostics', () => {
  it('has every code once', () => {
    const codes = allHeadings().map(({ code }) => code);
    expect(codes).to.have.lengthOf(new Set(codes).size);
  });

  it('has a page for each code, under its title, and no page without a code', () => {
    const inCatalogue = allHeadings().map(({ code, title }) => `${code}: ${title}`);
    const onPages = errorPages().map(({ code, title }) => `${code}: ${title}`);
    expect(onPages).to.have.members(inCatalogue);
  });

  it('has a mistake that draws it for each code of the language', () => {
    const mistakes = [...MISTAKES, ...ADVISED, ...MEANING_MISTAKES, ...MEANING_ADVICE];
    const drawn = new Set(mistakes.flatMap(({ text }) => drawnBy(text).map(({ code }) => code)));
    for (const code of OF_SEVERAL_FILES) drawn.add(code);
    expect([...drawn]).to.have.members(catalogueHeadings().map(({ code }) => code));
  });

  for (const { code, example, remedy } of errorPages()) {
    if (!catalogueHeadings().some((heading) => heading.code === code)) continue;
    it(`has on the page of ${code} an example that draws it alone, and a remedy that draws nothing`, () => {
      if (example !== null) expect(codesIn(example, code)).to.deep.equal([code]);
      if (remedy !== null) expect(codesIn(remedy, code)).to.deep.equal([]);
    });
  }
});
