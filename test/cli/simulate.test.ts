import { readFileSync } from 'node:fs';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { type SimulationDocument, SimulationSchema } from '../../src/api/simulation-schema.js';
import { run } from '../../src/cli/main.js';
import { FACTS } from './facts.js';
import { scratchDirectory } from './scratch.js';
import { vmc } from './vmc.js';

const POLICY = `host { cores 8 timezone "Europe/Berlin" }
vm video { match name "video" and user "alice" vcpus 1 }
group batch up to 6 vms { match user "grid" vcpus 1 }
switch gaming
let office = weekdays 09:00-17:00
keep 2 cores for owner
reserve video 10ms every 50ms
guarantee batch 1 core
when office { limit batch to 25% of cpu }
when gaming { limit batch to 1 core }
`;
const HOURS = Array.from({ length: 24 }, (_, hour) => `${hour * 3600},${hour >= 9 && hour < 17 ? 50 : 5}`);
const TRACE = `seconds,owner.demand\n${HOURS.join('\n')}\n`;

/** Runs `vmc simulate` in this process. */
async function simulate(...args: readonly string[]) {
  const ended = { stdout: '', stderr: '', exitCode: 0 };
  const io = {
    stdout: { write: (text: string) => (ended.stdout += text) },
    stderr: { write: (text: string) => (ended.stderr += text) },
    env: {},
  };
  ended.exitCode = await run(['simulate', ...args], io);
  return ended;
}

describe('vmc simulate', () => {
  const { path, write } = scratchDirectory();
  let [facts, policy, trace] = ['', '', ''];
  before(() => {
    facts = write('facts.json', JSON.stringify(FACTS));
    policy = write('lab.vmc', POLICY);
    trace = write('load.csv', TRACE);
  });
  /** Refusals are tested on the built command: they end the process. */
  const refused = (...args: readonly string[]) => vmc(['simulate', policy, '--host', facts, ...args]);
  const replay = (...args: readonly string[]) => simulate(policy, '--host', facts, ...args);
  const onTrace = (...args: readonly string[]) => replay('--trace', trace, ...args);
  const document = async (...args: readonly string[]): Promise<SimulationDocument> => {
    const { stdout, exitCode } = await onTrace('--format', 'json', ...args);
    expect(exitCode).to.equal(0);
    const parsed = JSON.parse(stdout) as SimulationDocument;
    expect([...Value.Errors(SimulationSchema, parsed)]).to.deep.equal([]);
    return parsed;
  };

  it('tells modes, owner, guests and promises of a trace', async () => {
    const { stdout, stderr, exitCode } = await onTrace();
    expect({ stderr, exitCode }).to.deep.equal({ stderr: '', exitCode: 0 });
    expect(stdout).to.contain('lab: 24h in steps of 60min, on 8 cores');
    expect(stdout).to.contain(' 66.7%  not office, not gaming').and.contain(' 33.3%  office, not gaming');
    expect(stdout).to.match(/reservation of video: promised 0\.20 .* had 0\.20: kept/);
    expect(stdout).to.match(/guarantee of batch: promised 1\.00 .*: kept/);
  });

  it('writes the same as one document, by its schema', async () => {
    const { simulation } = await document('--detail');
    expect(simulation?.modes.map(({ seconds }) => seconds / 3600)).to.deep.equal([16, 8]);
    expect(simulation?.owner.wantedCores).to.be.closeTo((8 * 4 + 16 * 0.4) / 24, 1e-9);
    expect(simulation?.promises.every(({ violations }) => violations === 0)).to.equal(true);
    const detail = simulation?.detail;
    const video = detail?.controls.find(({ mechanism }) => mechanism === 'reservation');
    expect(video?.delivered).to.be.closeTo(0.2, 0.004);
    expect(video?.longestGapMs).to.be.at.most(video?.statedGapMs ?? 0);
    expect(detail).to.include({ violations: 0, leftOut: 0, changed: 2 });
  });

  it('tells what came of it on the simulated kernel', async () => {
    const { stdout, exitCode } = await onTrace('--detail');
    expect(exitCode).to.equal(0);
    expect(stdout).to.contain('On the simulated kernel, the enforcer in charge: ');
    expect(stdout).to.match(/each video +reservation +at least 0\.20 +0\.20 +0\.20 +[\d.]+ms +[\d.]+ms/);
    expect(stdout).to.contain('not office, not gaming → office, not gaming: in force at once');
    expect(stdout).to.contain('Nothing that is promised was missed there.');
    expect(stdout).to.contain("The model's rates are the kernel's within 0.02 cores and 2%");
    expect((await onTrace()).stdout).not.to.contain('simulated kernel');
  });

  it('begins when it is told to', async () => {
    const { simulation } = await document('--from', '2026-11-28 00:00');
    expect(simulation?.from).to.equal('2026-11-28T00:00:00+01:00[Europe/Berlin]');
    expect(simulation?.modes.map(({ conditions }) => conditions)).to.deep.equal(['not office, not gaming']);
  });

  it('has a switch on for a while', async () => {
    const { simulation } = await document('--set', 'gaming=on@2h..2026-11-23 05:30');
    const gaming = simulation?.modes.find(({ conditions }) => conditions === 'not office, gaming');
    expect(gaming?.seconds).to.equal(3.5 * 3600);
  });

  it('compares two policies on the same trace', async () => {
    const next = write('next.vmc', POLICY.replace('25% of cpu', '2.5 cores'));
    const { simulation, against, differences } = await document('--against', next);
    const figure = differences?.find(({ what }) => what === 'batch: delivered');
    const batch = (one: typeof simulation) =>
      one?.classes.find((each) => each.class === 'batch')?.deliveredCores;
    expect(figure).to.include({ first: batch(simulation), second: batch(against) });
    expect(figure?.second).to.be.greaterThan(figure?.first ?? 0);
    const compared = differences?.map(({ what }) => what);
    for (const what of [
      'video: worst gap',
      'guarantee of batch: violations',
      'in mode not office, not gaming',
    ]) {
      expect(compared).to.include(what);
    }
    const { stdout } = await onTrace('--against', next);
    expect(stdout)
      .to.contain('lab against next, on the same trace')
      .and.match(/batch: delivered +cores/);
    expect((await onTrace('--against', policy)).stdout).to.contain('nothing differs');
  });

  it('invents a day, the same each time', async () => {
    const [one, other] = [await replay('--step', '1min'), await replay('--step', '1min')];
    expect(one.stdout).to.equal(other.stdout).and.contain('lab: 24h in steps of 60s');
    expect((await replay('--step', '1min', '--seed', '2')).stdout).to.not.equal(one.stdout);
  });

  it('draws the timeline', async () => {
    const file = path('load.svg');
    const { exitCode } = await onTrace('--svg', file);
    expect(exitCode).to.equal(0);
    const svg = readFileSync(file, 'utf8');
    expect(svg)
      .to.match(/^<svg xmlns/)
      .and.match(/<\/svg>\n$/);
    for (const name of ['owner', 'video', 'batch']) expect(svg).to.contain(`>${name}</text>`);
    const nowhere = await refused('--trace', trace, '--svg', path('no/such/folder.svg'));
    expect(nowhere.exitCode).to.equal(4);
    expect(nowhere.stderr).to.contain('cannot write');
  });

  it('says where a trace is wrong, and ends with 4', async () => {
    const broken = write('broken.csv', 'seconds,owner.demand\n0,5\n1,many\n');
    const { stderr, exitCode } = await refused('--trace', broken);
    expect(exitCode).to.equal(4);
    expect(stderr).to.contain(`${broken}:3: owner.demand is 'many', and is % of cpu, from 0 to 100`);
    expect((await refused('--trace', path('none.csv'))).exitCode).to.equal(4);
  });

  const WRONG: readonly (readonly [args: readonly string[], message: RegExp])[] = [
    [['--from', 'noon'], /there is no time 'noon'/],
    [['--for', '3'], /--for 3 is no time/],
    [['--for', '2d'], /the trace ends 86400s before that/],
    [['--seed', '3'], /--seed is of the invented trace/],
    [['--set', 'gaming'], /'gaming' sets nothing/],
    [['--set', 'gamin=on'], /no switch or signal 'gamin'[\s\S]*did you mean 'gaming'/],
    [['--set', 'gaming=42'], /a switch is on or off/],
    [['--set', 'gaming=on@3h..2h'], /ends before it begins/],
    [['--set', 'gaming=on@soon..'], /there is no time 'soon'/],
  ];
  for (const [args, message] of WRONG) {
    it(`ends with 3 for ${args.join(' ')}`, async () => {
      const { stderr, exitCode } = await refused('--trace', trace, ...args);
      expect(exitCode, stderr).to.equal(3);
      expect(stderr).to.match(message);
    });
  }

  it('has the diagnostics of a policy without a plan, and its exit code', async () => {
    const wrong = write('wrong.vmc', 'limit nobody to 1 core\n');
    const { stdout, exitCode } = await simulate(wrong, '--host', facts, '--format', 'json');
    expect(exitCode).to.equal(1);
    expect(Object.keys(JSON.parse(stdout) as object)).to.deep.equal(['diagnostics']);
    const greedy = write('greedy.vmc', `${POLICY}guarantee video 1 core\nkeep 8 cores for owner\n`);
    expect((await simulate(greedy, '--host', facts)).exitCode).to.be.oneOf([1, 2]);
  });
});
