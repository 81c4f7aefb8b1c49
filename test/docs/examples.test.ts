import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { HostFacts } from '../../src/compiler/facts.js';
import { compile, testPolicy } from '../../src/compiler/index.js';
import { analyse, format } from '../../src/lang/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { HOST } from '../compiler/support.js';

const EXAMPLES = join(packageRoot(), 'examples', 'policies');
/** What the demonstration runs on real guests; what it expects is measured there. */
const DEMONSTRATIONS: ReadonlySet<string> = new Set(['demo.vmc', 'demo-unprivileged.vmc']);

/** A host that senses everything; how many cores it has, and where it is, the examples say themselves. */
const FACTS: HostFacts = {
  ...HOST,
  sensors: [
    ...HOST.sensors,
    'guests.cpu',
    'host.memory.available',
    'host.pressure.cpu',
    'host.pressure.memory',
    'host.pressure.io',
    'host.temperature',
    'host.battery',
    'host.disk.busy',
    'host.network.in',
    'host.network.out',
  ],
};

describe('the example policies', () => {
  const names = readdirSync(EXAMPLES).filter((name) => name.endsWith('.vmc'));

  for (const name of names) {
    const source = { file: name, text: readFileSync(join(EXAMPLES, name), 'utf8') };

    it(`have nothing that a check could find (${name})`, () => {
      expect(analyse(source).diagnostics).to.deep.equal([]);
    });

    it(`are laid out canonically (${name})`, () => {
      expect(format(source).text).to.equal(source.text);
    });

    it(`begin with what they are for (${name})`, () => {
      expect(source.text).to.match(/^# [A-Z].{30,}/);
    });

    it(`compile to a plan (${name})`, () => {
      const { plan, diagnostics } = compile(source, FACTS);
      const found = diagnostics.filter(({ code }) => code !== 'VMC3013' && code !== 'VMC5005');
      expect(found.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([]);
      expect(plan?.schedules.length).to.be.greaterThan(0);
    });

    if (DEMONSTRATIONS.has(name)) continue;
    it(`pass their tests, which put every sentence into force (${name})`, () => {
      const { run } = testPolicy(source, FACTS);
      const failed = run?.tests.filter(({ passed }) => !passed).map(({ test }) => test.title);
      expect(failed).to.deep.equal([]);
      expect(run?.tests.length).to.be.at.least(1);
      const untested = run?.coverage.sentences.filter(({ tests }) => tests === 0);
      expect(untested?.map(({ sentence }) => sentence.text)).to.deep.equal([]);
    });
  }
});
