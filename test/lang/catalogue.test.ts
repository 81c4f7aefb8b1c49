import { expect } from 'chai';
import * as compilerCatalogue from '../../src/compiler/catalogue.js';
import { analyse, type CatalogueHeading, catalogueHeadings } from '../../src/lang/index.js';
import { errorPages } from './error-pages.js';
import { ADVISED, MISTAKES } from './mistakes.js';

/** Both catalogues of the project: that of the language and that of the compiler. */
function allHeadings(): readonly CatalogueHeading[] {
  const ofCompiler = Object.values(compilerCatalogue).flatMap(
    (group) => Object.values(group) as CatalogueHeading[],
  );
  return [...catalogueHeadings(), ...ofCompiler];
}

const codesIn = (text: string) => analyse({ file: 'page.vmc', text }).diagnostics.map(({ code }) => code);

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
    const drawn = new Set([...MISTAKES, ...ADVISED].flatMap(({ text }) => codesIn(text)));
    expect([...drawn]).to.have.members(catalogueHeadings().map(({ code }) => code));
  });

  for (const { code, example, remedy } of errorPages()) {
    if (!catalogueHeadings().some((heading) => heading.code === code)) continue;
    it(`has on the page of ${code} an example that draws it alone, and a remedy that draws nothing`, () => {
      if (example !== null) expect(codesIn(example)).to.deep.equal([code]);
      if (remedy !== null) expect(codesIn(remedy)).to.deep.equal([]);
    });
  }
});
