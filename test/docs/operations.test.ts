import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Action, Knob } from '../../src/enforce/host.js';
import type { DatabaseTrouble } from '../../src/enforce/ledger/kept-database.js';
import { EventSchema } from '../../src/enforce/status.js';
import { packageRoot } from '../../src/support/package-root.js';

const document = readFileSync(join(packageRoot(), 'docs', 'operations.md'), 'utf8');
/** Codes in the first cells of the rows of a section's tables. */
function codesOf(section: string): ReadonlySet<string> {
  const text = document.split(`\n## ${section}`)[1]?.split('\n## ')[0] ?? '';
  const cells = text
    .split('\n')
    .flatMap((line) => (line.startsWith('| `') ? [line.split('|')[1] ?? ''] : []));
  return new Set(cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code ?? '')));
}

function sourcesOf(directory: string): readonly string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
}
const sources = ['src/enforce', 'src/api'].flatMap((folder) => sourcesOf(join(packageRoot(), folder)));

/** All there are: a new one does not compile here before it stands in the list. */
const KNOBS: Readonly<Record<Knob, true>> = {
  placement: true,
  nice: true,
  memory: true,
  disk: true,
  network: true,
  'own-group': true,
  priority: true,
};
const ACTIONS: Readonly<Record<Action['kind'], true>> = {
  'create-group': true,
  'remove-group': true,
  'set-weight': true,
  'set-quota': true,
  gather: true,
  reserve: true,
  unreserve: true,
  'set-timetable': true,
  'set-knob': true,
  'unset-knob': true,
  'power-down': true,
  'end-guest': true,
  'forget-power-down': true,
  release: true,
};

const DATABASES: Readonly<Record<DatabaseTrouble['code'], true>> = {
  'ledger-in-use': true,
  'ledger-not-written': true,
  'ledger-set-aside': true,
  'history-in-use': true,
  'history-not-written': true,
  'history-set-aside': true,
};

/** Codes of findings are written in lower case with hyphens; errno names and diagnostics are not. */
function findingCodes(): ReadonlySet<string> {
  const written = sources.flatMap((text) => [...text.matchAll(/\bcode: '([a-z]+(?:-[a-z]+)+)'/g)]);
  return new Set([
    ...written.map(([, code]) => code ?? ''),
    ...Object.keys(DATABASES),
    ...Object.keys(KNOBS).map((knob) => `limited-${knob}`),
    ...Object.keys(ACTIONS).map((action) => `refused-${action}`),
  ]);
}

describe('docs/operations.md', () => {
  it('says of every finding what it means and what to do, and of no other', () => {
    expect([...codesOf('Findings')].sort()).to.deep.equal([...findingCodes()].sort());
  });

  it('says of every kind of event what it means', () => {
    const kinds = EventSchema.properties.kind.anyOf.map(({ const: kind }) => kind);
    expect([...codesOf('Events')].sort()).to.deep.equal([...kinds].sort());
  });

  it('names metrics that there are', () => {
    const all = sources.join('\n');
    const named = [...document.matchAll(/`(vmc_[a-z_]+)`/g)].map(([, name]) => name ?? '');
    expect(named).not.to.deep.equal([]);
    for (const name of named) expect(all, name).to.contain(`'${name}'`);
  });
});
