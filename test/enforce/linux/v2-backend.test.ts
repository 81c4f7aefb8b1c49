import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { bootTestHost, type TestHost } from '../../support/test-host/test-host.js';

const pathOf = (name: string) => fileURLToPath(new URL(name, import.meta.url));

describe('cgroup v2 backend', function () {
  this.timeout(120_000);
  let host: TestHost;

  before(async () => {
    host = await bootTestHost({
      files: {
        'package.json': '{ "type": "module" }\n',
        'src/enforce/guardian/guardian.pl': { from: pathOf('../../../src/enforce/guardian/guardian.pl') },
      },
      programs: {
        'backend.mjs': pathOf('./v2-programs/backend.ts'),
        'daemon.mjs': pathOf('./v2-programs/daemon.ts'),
        'dist/timing-worker.cjs': pathOf('../../../src/enforce/linux/timing-worker.ts'),
      },
    });
  });
  after(() => host?.stop());

  async function find<Findings>(scenario: string): Promise<Findings> {
    const command = ['node', '/project/backend.mjs', scenario];
    const { stdout, stderr, exitCode } = await host.run(command, { timeoutMs: 110_000 });
    if (process.env.SHOW) console.error(scenario, stdout, stderr);
    expect(exitCode, stderr).to.equal(0);
    return JSON.parse(stdout);
  }
  for (const s of [
    'killedDaemon', 'stoppedDaemon',
    'quota',
    'confinement',
    'givingBack',
    'givingBackByTheJournal',
    'idempotence',
    'regathering',
    'vanishedOrigin',
    'refusals',
    'sharedController',
  ])
    it(s, async () => {
      await find(s);
    });
});
