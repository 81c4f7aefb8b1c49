import { expect } from 'chai';
import { diffPolicies } from '../../../src/compiler/diff/diff-policies.js';
import { CLASSES, HOST } from '../support.js';
import { changesOf, declarationsOf, diffOf } from './support.js';

const OFFICE = 'let office = weekdays 09:00-17:00\nlet busy = owner.demand > 60%\nswitch gaming\n';
const TEXT = `${CLASSES}${OFFICE}
keep 1 core for owner
share cpu among build 4, batch 1
when office { limit batch to 25% of cpu when busy { run batch 200ms every 1s } }
when gaming { pause lent }
`;

describe('a comparison of policies', () => {
  it('says for whom what changes, and when, with the sentences of both', () => {
    const diff = diffOf(TEXT, TEXT.replace('25% of cpu', '1 core').replace('200ms', '100ms'));
    expect(changesOf(diff)).to.deep.equal([
      'batch, office: at most 2 cores (25% of cpu) → at most 1 core (12.5% of cpu)',
      'batch, office and busy (or unknown) and not gaming: runs 200ms every 1s → runs 100ms every 1s',
    ]);
    const [item] = diff.changes[0]?.items ?? [];
    expect(item?.old?.sentences.map(({ text }) => text)).to.deep.equal(['limit batch to 25% of cpu']);
    expect(item?.new?.sentences.map(({ place }) => place.file)).to.deep.equal(['new.vmc']);
    expect(diff.equal).to.equal(false);
  });

  it('puts subjects together for whom the same changes', () => {
    const old = `${CLASSES}switch gaming\nwhen gaming { pause lent }`;
    const diff = diffOf(old, old.replace('pause lent', 'run lent 100ms every 1s'));
    expect(changesOf(diff)).to.deep.equal(['build, batch, gaming: paused → runs 100ms every 1s']);
  });

  it('calls equal what has the same effect however it is written', () => {
    const same = [
      `# a comment\n${TEXT}`,
      TEXT.replace('25% of cpu', '2 cores'),
      TEXT.replace('build 4, batch 1', 'batch 2, build 8'),
      `${TEXT}limit batch to 7 cores by quota\nassert batch at most 4 cores`.replace(
        /limit batch to 7.*\n/,
        '',
      ),
      TEXT.replace('when gaming { pause lent }', 'when not gaming {} otherwise { pause build pause batch }'),
    ];
    for (const text of same) expect(diffOf(TEXT, text).equal, text).to.equal(true);
  });

  it('tells what a condition was from what it is', () => {
    const diff = diffOf(TEXT, TEXT.replace('owner.demand > 60%', 'owner.demand > 70%'));
    expect(declarationsOf(diff)).to.deep.equal([
      'changed condition busy: owner.demand > 60% → owner.demand > 70%',
    ]);
    const [first, second, ...others] = changesOf(diff);
    expect(others).to.deep.equal([]);
    expect(first).to.match(/old:busy \(or unknown\).* not new:busy: runs 200ms every 1s → -$/);
    expect(second).to.match(/not old:busy.* new:busy \(or unknown\): - → runs 200ms every 1s$/);
  });

  it('takes a condition that has another name now for the same', () => {
    const diff = diffOf(TEXT, TEXT.replaceAll('busy', 'occupied'));
    expect(changesOf(diff)).to.deep.equal([]);
  });

  it('follows a class and a union to their new names, in signals as well', () => {
    const old = `${TEXT}when batch.cpu > 50% { limit build to 2 cores }`;
    const now = old.replaceAll('batch', 'night').replaceAll('lent', 'loaned').replace('25% of cpu', '1 core');
    const diff = diffOf(old, now);
    expect(declarationsOf(diff)).to.deep.equal(['renamed class night: batch', 'renamed union loaned: lent']);
    expect(changesOf(diff)).to.deep.equal([
      'night, office: at most 2 cores (25% of cpu) → at most 1 core (12.5% of cpu)',
    ]);
    const quoted = old.replaceAll('batch', '"the night"');
    expect(changesOf(diffOf(old, quoted))).to.deep.equal([]);
  });

  it('says which classes, unions, offers, switches and signals come and go, and how they change', () => {
    const old = `${TEXT}signal price number\noffer 1 vm later { vcpus 1 guarantee 1 core }`;
    const now = `${TEXT.replace('up to 4 vms', 'up to 5 vms').replace('switch gaming', 'switch gaming\nswitch quiet')}
      group more up to 2 vms { match user "m" vcpus 2 }
      limit more to 1 core
      ignore match name "mine"
      signal price %`;
    const diff = diffOf(old, now);
    expect(declarationsOf(diff)).to.include.members([
      'changed class batch: up to 4 guests → up to 5 guests',
      'added switch quiet: ',
      'changed signal price: number → percent',
      'added ignore name "mine": ',
    ]);
    expect(declarationsOf(diff).join('\n')).to.match(/added class more: up to 2 guests; 2 vCPUs/);
    expect(declarationsOf(diff).join('\n')).to.match(/removed offer later: up to 1 guest; 1 vCPU/);
    expect(changesOf(diff)).to.include('more, always: - → at most 1 core (12.5% of cpu)');
    expect(changesOf(diff)).to.include('later, always: promised 1 core (12.5% of cpu) → -');
  });

  it('tells who is asked first, and what the host is, where they differ', () => {
    const [first = '', second = '', ...rest] = CLASSES.trim().split('\n');
    const swapped = [second, first, ...rest].join('\n');
    expect(declarationsOf(diffOf(CLASSES, swapped))).to.deep.equal([
      'changed order order of matching: video, build, batch → build, video, batch',
    ]);
    expect(declarationsOf(diffOf(CLASSES, `host { cores 4 }\n${CLASSES}`))).to.deep.equal([
      'changed host host: 8 cores → 4 cores',
    ]);
  });

  it('says what follows for those of whom no sentence says anything new', () => {
    const diff = diffOf(`${TEXT}limit guests to 6 cores`, `${TEXT}limit guests to 2 cores`);
    expect(changesOf(diff)).to.deep.equal([
      'guests, always: at most 6 cores (75% of cpu) → at most 2 cores (25% of cpu)',
    ]);
    const build = diff.consequences.find(({ subjects }) => subjects.includes('build'));
    expect(build?.when).to.deep.equal(['not gaming']);
    expect(build?.items.map(({ old, new: now }) => `${old?.text} → ${now?.text}`)).to.deep.equal([
      'can get at most 4 cores (50% of cpu) → can get at most 2 cores (25% of cpu)',
    ]);
  });

  it('knows every other thing that sentences give', () => {
    const texts: readonly (readonly [old: string, now: string, change: string])[] = [
      [
        'keep 1 core for owner',
        'keep 2 cores for owner',
        'owner, always: keeps 1 core (12.5% of cpu) → keeps 2 cores (25% of cpu)',
      ],
      ['keep 1 GiB memory for owner', '', 'owner, always: keeps 1 GiB of memory → -'],
      [
        'limit each batch to 2 GiB memory',
        'limit each batch to 1 GiB memory',
        'batch, always: at most 2 GiB of memory for each guest → at most 1 GiB of memory for each guest',
      ],
      ['guarantee batch 1 GiB memory', '', 'batch, always: promised 1 GiB of memory → -'],
      [
        'limit batch to 10 MB/s disk',
        'limit batch to 10 MB/s network',
        'batch, always: at most 10 MB/s of disk → -',
      ],
      [
        'place batch on cores 0-1',
        'place batch on cores 0-2',
        'batch, always: only on cores 0, 1 → only on cores 0, 1, 2',
      ],
      ['yield batch', '', 'batch, always: runs only when nothing else wants the CPU → -'],
      [
        'stop batch within 5min',
        'stop batch within 1min',
        'batch, always: ended within 5min → ended within 1min',
      ],
      [
        'reserve video 5ms every 50ms',
        'reserve video 6ms every 50ms',
        'video, always: reserved 5ms every 50ms → reserved 6ms every 50ms',
      ],
      [
        'limit batch to 2 cores',
        'limit batch to 2 cores by duty',
        'batch, always: at most 2 cores (25% of cpu), by quota → at most 2 cores (25% of cpu), by duty',
      ],
      [
        'budget batch 20 core-hours per day',
        'budget batch 10 core-hours per day',
        'batch, always: 20 core-hours per day → 10 core-hours per day',
      ],
      [
        'share cpu among build 1, batch 1',
        'share cpu among build 2, batch 1',
        'build, always: 1 of 2 parts of the CPU, beside batch 1 → 2 of 3 parts of the CPU, beside batch 1',
      ],
      [
        'limit batch to 90% of cpu - owner.demand between 10% and 80% of cpu',
        'limit batch to 90% of cpu - owner.demand between 20% and 80% of cpu',
        'batch, always: at most 7.2 cores less owner.demand, between 0.8 cores and 6.4 cores → at most 7.2 cores less owner.demand, between 1.6 cores and 6.4 cores',
      ],
    ];
    for (const [old, now, change] of texts) {
      expect(changesOf(diffOf(`${CLASSES}${old}`, `${CLASSES}${now}`)), old).to.include(change);
    }
  });

  it('is none where one of the policies has no plan, and says why', () => {
    const compare = (old: string, now: string) =>
      diffPolicies(
        { source: { file: 'old.vmc', text: old } },
        { source: { file: 'new.vmc', text: now } },
        HOST,
      );
    const { diff, diagnostics } = compare(
      TEXT,
      `${TEXT}reserve video 90ms every 100ms\nreserve batch 90ms every 100ms`,
    );
    expect(diff).to.equal(null);
    expect(diagnostics.some(({ severity, file }) => severity === 'error' && file === 'new.vmc')).to.equal(
      true,
    );
    expect(compare('limit x', TEXT).diff).to.equal(null);
  });

  it('gives up, naming the conditions, where both together have too many modes', () => {
    const policy = (prefix: string) => {
      const names = Array.from({ length: 8 }, (_, index) => `${prefix}${index}`);
      const guards = names.map((name, index) => `when ${name} { limit batch to ${index + 1} cores }`);
      return [CLASSES, ...names.map((name) => `switch ${name}`), ...guards].join('\n');
    };
    const { diff, diagnostics } = diffPolicies(
      { source: { file: 'old.vmc', text: policy('a') } },
      { source: { file: 'new.vmc', text: policy('b') } },
      HOST,
    );
    expect(diff).to.equal(null);
    expect(diagnostics.at(-1)).to.include({ code: 'VMC3010', file: 'new.vmc' });
    expect(diagnostics.at(-1)?.message).to.contain('a0').and.contain('b7');
  });
});
