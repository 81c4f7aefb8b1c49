import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { assertions, conflicts, feasibility, hostLimits, policyTests } from '../../src/compiler/catalogue.js';
import { compile } from '../../src/compiler/compile.js';
import type { HostFacts } from '../../src/compiler/facts.js';
import { runTests } from '../../src/compiler/scenario/run-tests.js';
import type { Diagnostic } from '../../src/lang/diagnostic.js';
import { analyse } from '../../src/lang/index.js';
import { LIMITED_HOSTS } from './limited-hosts.js';
import { HOST } from './support.js';

const DIRECTORY = new URL('../../docs/errors/', import.meta.url);
const ENTRIES = Object.values({ ...conflicts, ...feasibility, ...hostLimits, ...assertions, ...policyTests });
const ITS_OWN = /^VMC(?:[345]\d{3}|602\d)$/;

/** What some pages tell of does not happen on a host that can do everything. */
const OTHER_HOSTS: Record<string, HostFacts> = {
  VMC5013: LIMITED_HOSTS['no privileges'],
  VMC5014: { ...HOST, realtimePriority: 50 },
  VMC5006: { ...HOST, timezone: 'Europe/Atlantis' },
  VMC5012: { ...HOST, sensors: ['owner.demand'] },
  VMC5011: { ...HOST, cgroup: { ...HOST.cgroup, cpuset: false } },
};

function pageOf(code: string): { heading: string; example: string; remedy: string } {
  const text = readFileSync(new URL(`${code}.md`, DIRECTORY), 'utf8');
  const [example = '', remedy = ''] = [...text.matchAll(/```vmc\n(.*?)```/gs)].map((match) => match[1] ?? '');
  return { heading: text.split('\n')[0] ?? '', example, remedy };
}

/** What the tests of a policy find wrong. */
function foundByTests(text: string): readonly Diagnostic[] {
  const { model } = analyse({ file: 'page.vmc', text });
  return model === null ? [] : runTests(model, HOST).tests.flatMap(({ diagnostics }) => diagnostics);
}

describe('the catalogue of the compiler', () => {
  it('has each code once', () => {
    const codes = ENTRIES.map(({ code }) => code);
    expect(new Set(codes).size).to.equal(codes.length);
  });

  it('has an entry for every page of its codes', () => {
    const pages = readdirSync(DIRECTORY)
      .map((file) => file.slice(0, -3))
      .filter((code) => ITS_OWN.test(code));
    expect(pages.sort()).to.deep.equal(ENTRIES.map(({ code }) => code).sort());
  });

  for (const { code, title, severity } of ENTRIES) {
    describe(`${code}, ${title}`, () => {
      // Left-out sentences are reported only where the caller asks for a plan without them.
      const degrade = code === 'VMC5008';
      const facts = OTHER_HOSTS[code] ?? HOST;
      const found = (text: string) => [
        ...compile({ file: 'page.vmc', text }, facts, { degrade }).diagnostics,
        ...foundByTests(text),
      ];

      it('has a page under its title', () => {
        expect(existsSync(new URL(`${code}.md`, DIRECTORY))).to.equal(true);
        expect(pageOf(code).heading).to.equal(`# ${code}: ${title}`);
      });

      it('has a page whose example shows it, with its severity, at a place in the text', () => {
        const { example } = pageOf(code);
        const own = found(example).filter((one) => one.code === code);
        expect(own.map((one) => one.severity)).to.include(severity);
        for (const { range, message } of own) {
          expect(range.end.offset).to.be.within(0, example.length);
          expect(message).to.match(/\.$/);
        }
      });

      it('has a page whose remedy has no errors', () => {
        const { remedy } = pageOf(code);
        const codes = found(remedy).filter(
          (one) => one.severity === 'error' || (one.code === code && code !== 'VMC5001'),
        );
        expect(codes.map((one) => `${one.code} ${one.message}`)).to.deep.equal([]);
      });
    });
  }
});
