import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Client, connect } from '../../src/api/client.js';
import { Daemon } from '../../src/api/daemon.js';
import { createLog } from '../../src/api/log.js';
import { SimulatedHost } from '../../src/enforce/index.js';
import { packageRoot } from '../../src/support/package-root.js';
import { FACTS } from '../cli/facts.js';
import { until } from '../support/guests/until.js';
import { skipBecause } from '../support/skip-because.js';
import { unpackedPackage } from '../support/test-host/debian-package.js';
import { PLANS_AT_ONCE } from './plans-at-once.js';

const EXAMPLES = join(packageRoot(), 'examples', 'prometheus');
const POLICY = 'vm a { match name "a" and user "*" vcpus 1 }\nreserve a 20ms every 100ms\n';
const TOKEN = 'e'.repeat(64);
const SIGNAL = 'host.cpu';

/** A series as Prometheus answers it. */
interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [atS: number, value: string];
  readonly values?: readonly (readonly [atS: number, value: string])[];
}

/** One that nobody listens on: taken for a moment, and given back. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('Debian’s Prometheus', function () {
  this.timeout(180_000);
  let programs: string;
  let directory: string;
  let daemon: Daemon;
  let client: Client;
  let prometheus: ChildProcess | null;
  let port: number;

  before(async function () {
    const unpacked = await unpackedPackage('prometheus').catch((error: Error) =>
      skipBecause(this, `needs Debian's package prometheus: ${error.message}`),
    );
    programs = join(unpacked, 'usr', 'bin');
  });

  beforeEach(async () => {
    prometheus = null;
    directory = mkdtempSync(join(tmpdir(), 'vmc-prometheus-'));
    const [file, socket, tokenFile] = ['policy.vmc', 'vmcd.sock', 'token'].map((name) =>
      join(directory, name),
    );
    writeFileSync(file!, POLICY);
    writeFileSync(tokenFile!, `${TOKEN}\n`, { mode: 0o600 });
    const daemonPort = await freePort();
    daemon = new Daemon({
      file: file!,
      socket: socket!,
      tcp: { address: { host: '127.0.0.1', port: daemonPort }, tokenFile: tokenFile! },
      plans: PLANS_AT_ONCE,
      host: new SimulatedHost({ facts: FACTS }),
      log: createLog({ write: () => {} }),
    });
    await daemon.start();
    client = connect({ socket: socket! });
    cpSync(join(EXAMPLES, 'vmc-alerts.yml'), join(directory, 'vmc-alerts.yml'));
    const configuration = readFileSync(join(EXAMPLES, 'prometheus.yml'), 'utf8');
    const here = configuration
      .replace('scrape_interval: 15s', 'scrape_interval: 1s')
      .replace('/etc/prometheus/vmc-token', tokenFile!)
      .replace('targets: ["127.0.0.1:7070"]', `targets: ["127.0.0.1:${daemonPort}"]`);
    for (const changed of ['interval: 1s', tokenFile!, `:${daemonPort}"`]) expect(here).to.contain(changed);
    writeFileSync(join(directory, 'prometheus.yml'), here);
    port = await freePort();
  });

  afterEach(async () => {
    if (prometheus?.exitCode === null) {
      prometheus.kill('SIGTERM');
      await once(prometheus, 'exit');
    }
    client.close();
    await daemon.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  function start(): void {
    const args = [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--log.level=error',
    ];
    prometheus = spawn(join(programs, 'prometheus'), args, { stdio: ['ignore', 'ignore', 'inherit'] });
  }

  /** Empty while it starts. */
  async function query(expression: string): Promise<readonly Series[]> {
    const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
    const answer = await fetch(url).catch(() => null);
    if (!answer?.ok) return [];
    const { data } = (await answer.json()) as { readonly data: { readonly result: readonly Series[] } };
    return data.result;
  }

  it('takes the configuration and the rules of examples/prometheus', () => {
    const promtool = (...args: string[]) =>
      spawnSync(join(programs, 'promtool'), args, { cwd: directory, encoding: 'utf8' });
    for (const args of [
      ['check', 'config', 'prometheus.yml'],
      ['check', 'rules', 'vmc-alerts.yml'],
    ]) {
      const { status, stdout, stderr } = promtool(...args);
      expect(status, stdout + stderr).to.equal(0);
      expect(stdout).to.contain('SUCCESS');
    }
  });

  it('sounds the alarms of examples/prometheus when, and only when, something is wrong', () => {
    const series = (name: string, labels: string, value: number) => ({
      series: `${name}{instance="host",${labels}}`,
      values: `${value}x60`,
    });
    const coverage = (signal: string, value: number) =>
      series('vmc_forecast_coverage_ratio', `signal="${signal}",horizon="30s",level="0.95"`, value);
    const ready = (signal: string, value: number) =>
      series('vmc_forecast_ready', `signal="${signal}"`, value);
    const wrong = [
      series('vmc_step_age_seconds', '', 11),
      series('vmc_controls', 'class="a",mechanism="duty"', 3),
      series('vmc_controls_in_force', 'class="a",mechanism="duty"', 2),
      coverage('owner.demand', 0.85),
      ready('host.load', 0),
    ];
    const right = [coverage('host.cpu', 0.94), ready('owner.demand', 1)];
    /** That it is sounded, with what it tells; or that it is not. */
    const alarm = (
      alertname: string,
      told?: { readonly summary: string; readonly [label: string]: string },
    ) => {
      const { summary, ...labels } = told ?? { summary: '' };
      const expected = { exp_labels: { instance: 'host', ...labels }, exp_annotations: { summary } };
      return { eval_time: '30m', alertname, exp_alerts: told ? [expected] : [] };
    };
    const tests = {
      rule_files: [join(EXAMPLES, 'vmc-alerts.yml')],
      tests: [
        {
          interval: '1m',
          input_series: [...wrong, ...right],
          alert_rule_test: [
            alarm('VmcStalled', {
              summary:
                'The daemon on host makes no steps; its guardian gives everything back when it is silent.',
            }),
            alarm('VmcMechanismMissing', {
              class: 'a',
              mechanism: 'duty',
              summary: 'Guests of class a on host lack their duty.',
            }),
            alarm('VmcIntervalsTooNarrow', {
              signal: 'owner.demand',
              horizon: '30s',
              level: '0.95',
              summary: 'Intervals of owner.demand over 30s held only 85% of what came.',
            }),
            alarm('VmcSignalLost', {
              signal: 'host.load',
              summary: 'There are no forecasts of host.load on host; see vmc doctor.',
            }),
            alarm('VmcFinding'),
            alarm('VmcForecastWorseThanNone'),
          ],
        },
      ],
    };
    // JSON is YAML, too.
    const file = join(directory, 'tests.yml');
    writeFileSync(file, JSON.stringify(tests));
    const { status, stdout, stderr } = spawnSync(join(programs, 'promtool'), ['test', 'rules', file], {
      encoding: 'utf8',
    });
    expect(status, stdout + stderr).to.equal(0);
  });

  it('scrapes a daemon with its token, and has of each scrape what the daemon forecast then', async () => {
    /** Everything that the daemon forecast of the signal meanwhile, by horizon: as fractions. */
    const forecast = new Map<string, Set<string>>();
    const abort = new AbortController();
    await until(async () => (await client.series()).some(({ signal }) => signal === SIGNAL));
    const listening = ['10s', '30s'].map(async (horizon) => {
      const seen = new Set<string>();
      forecast.set(horizon, seen);
      const stream = client.forecastStream(SIGNAL, { horizon, level: '95%', signal: abort.signal });
      for await (const { forecast: one, skipped } of stream) {
        expect(skipped).to.equal(0);
        const { mean, lower, upper } = one.average!;
        seen.add(JSON.stringify([mean, lower, upper].map((value) => value / 100)));
      }
    });
    start();
    await until(async () => (await query('up{job="vmc"}'))[0]?.value?.[1] === '1', 60_000);
    const limits = `{signal="${SIGNAL}",level="0.95"}`;
    const scrapes = async () =>
      (await query(`vmc_forecast_upper_ratio${limits}[5m]`))[0]?.values?.length ?? 0;
    await until(async () => (await scrapes()) >= 4, 60_000);
    for (const horizon of ['10s', '30s']) {
      const rangeOf = async (name: string, level: string) =>
        (await query(`${name}{signal="${SIGNAL}",horizon="${horizon}"${level}}[5m]`))[0]?.values ?? [];
      const [means, lowers, uppers] = await Promise.all([
        rangeOf('vmc_forecast_mean_ratio', ''),
        rangeOf('vmc_forecast_lower_ratio', ',level="0.95"'),
        rangeOf('vmc_forecast_upper_ratio', ',level="0.95"'),
      ]);
      const uppersAt = new Map(uppers);
      const lowersAt = new Map(lowers);
      const scraped = means
        .filter(([at]) => lowersAt.has(at) && uppersAt.has(at))
        .map(([at, mean]) => JSON.stringify([mean, lowersAt.get(at), uppersAt.get(at)].map(Number)));
      expect(new Set(scraped).size).to.be.at.least(2);
      await until(() => scraped.every((one) => forecast.get(horizon)?.has(one)));
    }
    // How good forecasts were is known when the first of them have come due.
    for (const name of [
      'vmc_signal_ratio',
      'vmc_signal_bytes',
      'vmc_forecast_mean',
      'vmc_forecast_ready',
      'vmc_forecast_coverage_ratio',
      'vmc_forecast_error_against_last_ratio',
    ])
      await until(async () => (await query(name)).length > 0, 60_000);
    const levels = await query(`count by (level) (vmc_forecast_upper_ratio{signal="${SIGNAL}"})`);
    expect(levels.map(({ metric }) => metric['level']).sort()).to.deep.equal(['0.8', '0.95']);
    abort.abort();
    await Promise.all(listening);
  });

  it('is turned away without the token', async () => {
    writeFileSync(join(directory, 'wrong'), 'f'.repeat(64));
    const file = join(directory, 'prometheus.yml');
    writeFileSync(
      file,
      readFileSync(file, 'utf8').replace(join(directory, 'token'), join(directory, 'wrong')),
    );
    start();
    await until(async () => (await query('up{job="vmc"}'))[0]?.value?.[1] === '0', 60_000);
    const turnedAway = /^vmc_http_turned_away_total\{reason="token"\} (\d+)$/m;
    await until(async () => Number(turnedAway.exec(await client.metrics())?.[1] ?? 0) > 0);
    expect(await query(`vmc_forecast_upper_ratio`)).to.deep.equal([]);
  });
});
