import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { ForecastsSchema } from '../../src/api/forecast-schema.js';
import { until } from '../support/guests/until.js';
import { LoadedDaemon } from './loaded-daemon.js';

describe('forecasts of real daemons', () => {
  let idle: LoadedDaemon;
  let busy: LoadedDaemon;
  beforeEach(async () => {
    idle = new LoadedDaemon(10);
    busy = new LoadedDaemon(80);
    await Promise.all([idle.start(), busy.start()]);
  });
  afterEach(() => Promise.all([idle.stop(), busy.stop()]));

  const statusOf = async ({ client }: LoadedDaemon) =>
    (await client.forecast('host.cpu', { horizon: '1s' }).catch(() => null))?.status;
  const ready = (daemon: LoadedDaemon) => until(async () => (await statusOf(daemon)) === 'ready', 60_000);

  it('are wide while they warm up, and then tell hosts apart', async () => {
    await until(async () => (await statusOf(busy)) === 'warming');
    const young = await busy.client.forecast('host.cpu', { horizon: '1s' });
    expect(young.model).to.equal('LAST');
    await Promise.all([ready(idle), ready(busy)]);
    const [low, high] = await Promise.all(
      [idle, busy].map(({ client }) => client.forecast('host.cpu', { horizon: '1s' })),
    );
    expect(low!.average!.upper).to.be.below(high!.average!.lower);
    expect(high!.average!.variance).to.be.below(young.average!.variance);
  });

  it('come many at once and one for each sample, as they are asked for alone', async () => {
    await ready(busy);
    const queries = ['200ms', '1s', '5s'].flatMap((horizon) =>
      ['host.cpu', 'owner.cpu'].map((signal) => ({ signal, horizon, level: '90%' })),
    );
    const answers = await busy.client.forecasts([...queries, { signal: 'host.gpu' }]);
    expect([...Value.Errors(ForecastsSchema, { forecasts: answers })]).to.deep.equal([]);
    const steps = answers.map((one) => ('forecast' in one ? one.forecast.steps.length : one.problem.status));
    expect(steps).to.deep.equal([2, 2, 10, 10, 50, 50, 404]);
    let beforeMs = 0;
    let seen = 0;
    for await (const { forecast } of busy.client.forecastStream('host.cpu', { horizon: '1s' })) {
      expect(forecast.atMs).to.be.at.least(beforeMs);
      beforeMs = forecast.atMs;
      if (++seen === 5) break;
    }
  });
});
