import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import type { QueriedForecast } from '../../src/api/client.js';
import { ForecastsSchema } from '../../src/api/forecast-schema.js';
import { MOST_QUERIES, MOST_STEPS } from '../../src/api/forecasts/forecast-batch.js';
import type { Problem } from '../../src/api/problem.js';
import { createServer } from '../../src/api/server.js';
import { fakeServices } from './fake-services.js';
import { raw } from './raw-request.js';
import { type Serving, startServing } from './serving.js';

describe('POST /v1/forecasts', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
    serving.services.sample({ 'owner.demand': 50, 'host.cpu': 40, 'host.on-battery': 1 });
  });
  afterEach(() => serving.stop());

  const post = (body: unknown) =>
    raw(serving.socket, 'POST', '/v1/forecasts', {
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    });
  const forecastOf = (one: QueriedForecast | undefined) =>
    one !== undefined && 'forecast' in one ? one.forecast : null;

  it('answers several signals, horizons and levels in their order, each as it is answered alone', async () => {
    const queries = [
      { signal: 'owner.demand', horizon: '1s' },
      { signal: 'host.cpu', horizon: '10s', level: '80%' },
      { signal: 'owner.demand', level: '0.5' },
    ];
    const answers = await serving.client.forecasts(queries);
    expect([...Value.Errors(ForecastsSchema, { forecasts: answers })]).to.deep.equal([]);
    expect(answers.map(({ signal, horizon, level }) => [signal, horizon, level])).to.deep.equal([
      ['owner.demand', '1s', '95%'],
      ['host.cpu', '10s', '80%'],
      ['owner.demand', '30s', '0.5'],
    ]);
    for (const [at, { signal, ...options }] of queries.entries())
      expect(forecastOf(answers[at])).to.deep.equal(await serving.client.forecast(signal, options));
  });

  it('gives each query that cannot be answered a problem of its own, and answers the others', async () => {
    const queries = [
      { signal: 'owner.demnd' },
      { signal: 'host.on-battery' },
      { signal: 'owner.demand', horizon: '0s' },
      { signal: 'owner.demand', horizon: '1d' },
      { signal: 'owner.demand', horizon: 'soon' },
      { signal: 'owner.demand', level: '0%' },
      { signal: 'owner.demand', level: '1' },
      { signal: 'host.cpu' },
    ];
    const answers = await serving.client.forecasts(queries);
    expect([...Value.Errors(ForecastsSchema, { forecasts: answers })]).to.deep.equal([]);
    const problems = answers.map((one) =>
      'problem' in one ? [one.problem.status, one.problem.detail] : null,
    );
    expect(problems).to.deep.equal([
      [404, 'there is no signal owner.demnd on this host; did you mean owner.demand?'],
      [
        404,
        'host.on-battery is true or false, of which there is no forecast; GET /v1/series/host.on-battery has its samples',
      ],
      [400, 'a forecast of owner.demand looks 1s to 10min ahead, not 0s'],
      [400, 'a forecast of owner.demand looks 1s to 10min ahead, not 1d'],
      [400, 'horizon must be a time such as 30s, 1.5min or 200ms'],
      [400, 'level must be a percentage above 0% and below 100%, such as 95%'],
      [400, 'level must be a percentage above 0% and below 100%, such as 95%'],
      null,
    ]);
  });

  it('takes no more than it says, and says where it stopped', async () => {
    const queries = Array.from({ length: 12 }, () => ({ signal: 'owner.demand', horizon: '10min' }));
    const answers = await serving.client.forecasts(queries);
    expect(answers.map((one) => 'forecast' in one)).to.deep.equal(
      queries.map((_, at) => (at + 1) * 600 <= MOST_STEPS),
    );
    const [last] = answers.slice(-1);
    expect(last && 'problem' in last && last.problem.detail).to.contain('ask for it in another request');
    const tooMany = await post({
      queries: Array.from({ length: MOST_QUERIES + 1 }, () => ({ signal: 'host.cpu' })),
    });
    expect([tooMany.status, (JSON.parse(tooMany.body) as Problem).detail]).to.deep.equal([
      400,
      `queries has at most ${MOST_QUERIES} entries; send the others in another request`,
    ]);
  });

  it('refuses what is no list of queries as a whole', async () => {
    for (const body of [
      {},
      { queries: [] },
      { queries: 'owner.demand' },
      { queries: [{}] },
      { queries: [{ signal: 'owner.demand', horizn: '1s' }] },
      { queries: [{ signal: '' }] },
      { queries: [{ signal: 'owner.demand', level: { percent: 95 } }] },
    ]) {
      const answer = await post(body);
      expect(answer.status, JSON.stringify(body)).to.equal(400);
      expect(answer.type).to.contain('application/problem+json');
    }
  });

  it('costs what it is worth of a client’s rate', async () => {
    const token = 'd'.repeat(40);
    const app = await createServer(fakeServices(), { access: { kind: 'tcp', token: () => token } });
    const ask = async (count: number) => {
      const payload = {
        queries: Array.from({ length: count }, () => ({ signal: 'owner.demand', horizon: '10min' })),
      };
      const headers = { authorization: `Bearer ${token}`, host: 'localhost' };
      return (await app.inject({ method: 'POST', url: '/v1/forecasts', payload, headers })).statusCode;
    };
    // One for the request and six for each: of the 60 at once there are 5 left, and 20 a second come back.
    expect([await ask(9), await ask(9)]).to.deep.equal([200, 429]);
    await app.close();
  });
});
