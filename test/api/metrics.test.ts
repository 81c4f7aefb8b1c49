import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect } from 'chai';
import { METRICS } from '../../src/api/metrics/render-metrics.js';
import type { Control, GuestStatus } from '../../src/enforce/status.js';
import { vm } from '../enforce/support/plans.js';
import { skipBecause } from '../support/skip-because.js';
import { unpackedPackage } from '../support/test-host/debian-package.js';
import { guest, plan, status } from './fake-services.js';
import { raw } from './raw-request.js';
import { type Serving, startServing } from './serving.js';

type Labels = Readonly<Record<string, string>>;
interface Sample {
  readonly name: string;
  readonly labels: Labels;
  readonly value: number;
}

const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"/;
const SAMPLE = new RegExp(
  `^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(${LABEL.source}(?:,${LABEL.source})*)\\})? (\\S+)$`,
);

/** The text exposition format, read strictly: every line is a sample, or HELP and TYPE before their samples. */
function parseExposition(text: string): readonly Sample[] {
  expect(text.endsWith('\n')).to.equal(true);
  const described = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const samples: Sample[] = [];
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const comment = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line);
    if (comment) {
      const [, kind = '', name = ''] = comment;
      const kinds = described.get(name) ?? new Set();
      expect(kinds.has(kind), line).to.equal(false);
      described.set(name, kinds.add(kind));
      continue;
    }
    const match = SAMPLE.exec(line);
    expect(match, line).to.not.equal(null);
    const [, name = '', inside = ''] = match ?? [];
    expect([...(described.get(name) ?? [])], line).to.have.members(['HELP', 'TYPE']);
    const key = `${name}{${inside}}`;
    expect(seen.has(key), `twice: ${key}`).to.equal(false);
    seen.add(key);
    const labels = Object.fromEntries(
      [...inside.matchAll(new RegExp(LABEL, 'g'))].map(([, label = '', value = '']) => [label, value]),
    );
    const value = Number(line.slice(line.lastIndexOf(' ') + 1));
    expect(Number.isFinite(value), line).to.equal(true);
    samples.push({ name, labels, value });
  }
  return samples;
}

const because = { because: [], fidelity: { kind: 'hard', worstGapNs: null, rateError: 0 } } as const;

const control = (className: string, promised: number, delivered: number): Control => ({
  setting: {
    ...because,
    mechanism: 'reservation',
    class: className,
    subject: 'class',
    scope: 'each',
    budgetNs: 20e6,
    periodNs: 100e6,
    wanted: null,
  } as unknown as Control['setting'],
  summary: '20ms every 100ms',
  inForce: true,
  measure: {
    unit: 'cores',
    bound: 'exactly',
    promised,
    delivered10s: delivered,
    deliveredInMode: delivered,
    measuredNs: 10e9,
  },
});

const member = (name: string, pid: number, controls: readonly Control[] = []): GuestStatus => ({
  ...guest,
  key: `${pid}-1`,
  pid,
  class: name,
  controls: [...controls],
});

describe('GET /metrics', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
  });
  afterEach(() => serving.stop());

  const scrape = async () => {
    const answer = await raw(serving.socket, 'GET', '/metrics');
    expect([answer.status, answer.type]).to.deep.equal([200, 'text/plain; version=0.0.4; charset=utf-8']);
    return answer.body;
  };
  const samples = async () => parseExposition(await scrape());
  const sampleOf = async (name: string, labels: Labels = {}) =>
    (await samples()).find(
      (one) => one.name === name && JSON.stringify(one.labels) === JSON.stringify(labels),
    )?.value;

  it('adds up what the guests of a class are promised and get', async () => {
    const classes = [vm('pair'), vm('lonely')];
    Object.defineProperty(serving.services, 'plan', { value: () => ({ ...plan, classes }) });
    serving.services.current = {
      ...status,
      guests: [
        member('pair', 1, [control('pair', 0.2, 0.25)]),
        member('pair', 2, [control('pair', 0.2, 0.125)]),
        { ...member('pair', 3), class: null },
      ],
    };
    const labels = { class: 'pair', mechanism: 'reservation', bound: 'exactly' };
    expect(await sampleOf('vmc_promised_cores', labels)).to.equal(0.4);
    expect(await sampleOf('vmc_delivered_cores', labels)).to.equal(0.375);
    expect(await sampleOf('vmc_guests', { class: 'pair', state: 'running' })).to.equal(2);
    expect(await sampleOf('vmc_guests', { class: 'others', state: 'running' })).to.equal(1);
    expect(await sampleOf('vmc_controls_in_force', { class: 'pair', mechanism: 'reservation' })).to.equal(2);
  });

  it('tells of the daemon: steps, wake-ups, bandwidth, journal, events, its process', async () => {
    serving.services.events.append({ kind: 'finding', message: 'x' }, 0);
    const all = await samples();
    const value = (name: string, labels: Labels = {}) =>
      all.find((one) => one.name === name && JSON.stringify(one.labels) === JSON.stringify(labels))?.value;
    expect(value('vmc_steps_total')).to.equal(42);
    expect(value('vmc_step_duration_longest_seconds')).to.equal(0.005);
    expect(value('vmc_wakeups_total')).to.equal(10);
    expect(value('vmc_wakeup_lateness_seconds_total')).to.be.closeTo(0.0002, 1e-9);
    expect(value('vmc_deadline_bandwidth_cores', { core: '0' })).to.equal(0.2);
    expect(value('vmc_deadline_bandwidth_cores', { core: 'any' })).to.equal(0.1);
    expect(value('vmc_journal_records')).to.equal(7);
    expect(value('vmc_events_total', { kind: 'finding' })).to.equal(1);
    expect(value('vmc_mode_info', { mode: 'calm' })).to.equal(1);
    expect(value('process_resident_memory_bytes')).to.be.above(1e6);
    expect(value('process_open_fds')).to.be.above(2);
  });

  it('has what the host’s signals are and will be, in base units, as the forecasts of the other routes', async () => {
    const { services, client } = serving;
    for (let at = 0; at < 20; at++) {
      services.sample({
        'owner.demand': 7,
        'host.memory.available': 2 ** 30,
        // One sample less than a model needs.
        ...(at > 0 && { 'host.load': 0.5 }),
        'host.on-battery': 1,
      });
      services.sample({ 'owner.demand': 50 + at, 'guest.1-2.cpu': 9, 'pair.cpu': 9, '"grid load"': 9 });
    }
    const query = '?horizon=10s&horizon=0.5min&level=80%25&level=95%25';
    const { body } = await raw(serving.socket, 'GET', `/metrics${query}`);
    const all = parseExposition(body);
    const value = (name: string, labels: Labels) =>
      all.find((one) => one.name === name && JSON.stringify(one.labels) === JSON.stringify(labels))?.value;
    for (const horizon of ['10s', '30s']) {
      for (const level of ['0.8', '0.95']) {
        const answer = await client.forecast('owner.demand', { horizon, level });
        const labels = { signal: 'owner.demand', horizon };
        const limits = { ...labels, level };
        expect(value('vmc_forecast_mean_ratio', labels)).to.equal(answer.average!.mean / 100);
        expect(value('vmc_forecast_lower_ratio', limits)).to.equal(answer.average!.lower / 100);
        expect(value('vmc_forecast_upper_ratio', limits)).to.equal(answer.average!.upper / 100);
        expect(value('vmc_forecast_coverage_ratio', limits)).to.equal(answer.coverage);
        const isCalibrated = answer.calibration.calibrated ? 1 : 0;
        expect(value('vmc_forecast_calibrated', limits)).to.equal(isCalibrated);
        expect(value('vmc_forecast_error_against_last_ratio', labels)).to.equal(answer.errorAgainstLast);
      }
    }
    expect(value('vmc_signal_ratio', { signal: 'owner.demand' })).to.equal(0.69);
    expect(value('vmc_signal_bytes', { signal: 'host.memory.available' })).to.equal(2 ** 30);
    expect(value('vmc_signal', { signal: 'host.load' })).to.equal(0.5);
    expect(value('vmc_forecast_ready', { signal: 'owner.demand' })).to.equal(1);
    expect(value('vmc_forecast_ready', { signal: 'host.load' })).to.equal(0);
    const signals = new Set(all.flatMap(({ labels }) => labels['signal'] ?? []));
    expect([...signals].sort()).to.deep.equal(['host.load', 'host.memory.available', 'owner.demand']);
  });

  it('has forecasts of a signal over whole steps of it only, and refuses horizons and levels that are none', async () => {
    serving.services.sample({ 'host.temperature': 50 });
    const { body } = await raw(
      serving.socket,
      'GET',
      '/metrics?horizon=1s&horizon=15s&horizon=20s&horizon=700s',
    );
    const horizons = (signal: string) =>
      parseExposition(body)
        .filter(({ name, labels }) => name.startsWith('vmc_forecast_mean') && labels['signal'] === signal)
        .map(({ labels }) => labels['horizon']);
    expect(horizons('host.temperature')).to.deep.equal(['20s', '700s']);
    expect(horizons('owner.demand')).to.deep.equal(['1s', '15s', '20s']);
    const near = await raw(serving.socket, 'GET', '/metrics?horizon=1s&level=94%25&level=0.951&level=80%25');
    const audited = parseExposition(near.body).filter(({ name }) => name === 'vmc_forecast_coverage_ratio');
    expect(audited.map(({ labels }) => labels['level'])).to.deep.equal(['0.95', '0.8']);
    for (const query of [
      'horizon=0s',
      'horizon=1d',
      'horizon=soon',
      'level=0',
      'level=100%25',
      'horizon=1s&'.repeat(6),
    ]) {
      const answer = await raw(serving.socket, 'GET', `/metrics?${query}`);
      expect([answer.status, answer.type], query).to.deep.equal([
        400,
        'application/problem+json; charset=utf-8',
      ]);
    }
  });

  it('counts requests by route, whatever paths are asked for', async () => {
    for (let i = 0; i < 50; i++) await raw(serving.socket, 'GET', `/v1/guests/none-${i}?x=${i}`);
    for (let i = 0; i < 50; i++) await raw(serving.socket, 'GET', `/made-up-${i}`);
    const requests = (await samples()).filter(({ name }) => name === 'vmc_http_requests_total');
    expect(requests.map(({ labels, value }) => [labels['route'], labels['code'], value])).to.deep.equal([
      ['/v1/guests/:id', '404', 50],
      ['none', '404', 50],
    ]);
  });

  it('has no more series than classes, however many guests there are, and never more than 200 of those', async () => {
    const classes = Array.from({ length: 300 }, (_, at) => vm(`c${at}`));
    Object.defineProperty(serving.services, 'plan', { value: () => ({ ...plan, classes }) });
    const guests = Array.from({ length: 3000 }, (_, at) => member(`c${at % 300}`, at, [control('c', 1, 1)]));
    serving.services.current = { ...status, guests };
    const labels = (await samples()).filter(({ name }) => name === 'vmc_guests');
    expect(labels).to.have.length(201);
    expect(labels.find((one) => one.labels['class'] === '(more)')?.value).to.equal(1000);
  });

  it('writes names of anyone’s so that they stay within their quotes', async () => {
    const name = 'a"b\\c\nd{}';
    Object.defineProperty(serving.services, 'plan', { value: () => ({ ...plan, classes: [vm(name)] }) });
    serving.services.current = { ...status, guests: [member(name, 1)] };
    const found = (await samples()).find((one) => one.name === 'vmc_guests');
    expect(found?.labels['class']).to.equal('a\\"b\\\\c\\nd{}');
  });

  it('has metrics only before there is anything to tell of guests', async () => {
    serving.services.current = null;
    expect((await samples()).some(({ name }) => name === 'vmc_guests')).to.equal(false);
    expect(new Set(METRICS.map(({ name }) => name)).size).to.equal(METRICS.length);
  });

  it('is what Prometheus wants it to be', async function () {
    this.timeout(180_000);
    const directory = await unpackedPackage('prometheus').catch((error: Error) =>
      skipBecause(this, `needs promtool of Debian's package prometheus: ${error.message}`),
    );
    serving.services.current = { ...status, guests: [member('pair', 1, [control('pair', 0.2, 0.25)])] };
    await raw(serving.socket, 'GET', '/nothing');
    const {
      status: code,
      stdout,
      stderr,
    } = spawnSync(join(directory, 'usr', 'bin', 'promtool'), ['check', 'metrics'], {
      input: await scrape(),
      encoding: 'utf8',
    });
    expect([stdout, stderr, code]).to.deep.equal(['', '', 0]);
  });
});
