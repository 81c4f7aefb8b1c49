import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { DaemonError } from '../../src/api/client.js';
import { ForecastSchema, HistorySchema, SignalInfoSchema } from '../../src/api/forecast-schema.js';
import { type Problem, ProblemSchema } from '../../src/api/problem.js';
import { StatusSchema } from '../../src/enforce/status.js';
import { guest, plan, status } from './fake-services.js';
import { raw } from './raw-request.js';
import { type Serving, startServing } from './serving.js';

describe('the HTTP interface of the daemon', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
  });
  afterEach(() => serving.stop());

  const problemOf = async (method: string, path: string, body?: string, type?: string): Promise<Problem> => {
    const headers = body === undefined ? {} : { 'content-type': type ?? 'application/json' };
    const answer = await raw(serving.socket, method, path, { headers, ...(body !== undefined && { body }) });
    expect(answer.type).to.match(/^application\/problem\+json/);
    const problem = JSON.parse(answer.body) as Problem;
    expect([...Value.Errors(ProblemSchema, problem)]).to.deep.equal([]);
    expect(problem.status).to.equal(answer.status);
    return problem;
  };

  it('lets the group read and connect, and nobody else', () => {
    expect(statSync(serving.socket).mode & 0o777).to.equal(0o660);
    expect(statSync(dirname(serving.socket)).mode & 0o022).to.equal(0);
  });

  it('answers the status as the schema has it', async () => {
    const answer = await serving.client.status();
    expect(answer).to.deep.equal(status);
    expect(Value.Check(StatusSchema, answer)).to.equal(true);
  });

  it('is not ready before the host was looked at', async () => {
    serving.services.current = null;
    expect((await problemOf('GET', '/v1/status')).status).to.equal(503);
    expect((await problemOf('GET', '/readyz')).status).to.equal(503);
    expect((await raw(serving.socket, 'GET', '/healthz')).body).to.equal(
      JSON.stringify({ status: 'ok', pid: process.pid }),
    );
  });

  it('is not alive when the enforcer makes no steps any more', async () => {
    const { measured } = serving.services;
    serving.services.measured = { ...measured, steps: { ...measured.steps, ageNs: 12e9 } };
    expect(await problemOf('GET', '/healthz')).to.include({
      status: 503,
      detail: 'the last step ended 12s ago',
    });
  });

  it('takes the text of a policy or of a plan as it is, and tells what came of it', async () => {
    const put = (type: string, body: string, query = '') =>
      raw(serving.socket, 'PUT', `/v1/policy${query}`, { body, headers: { 'content-type': type } });
    expect(JSON.parse((await put('text/plain', 'switch a')).body)).to.deep.equal({
      policy: plan.policy,
      diagnostics: [],
    });
    expect((await put('application/json', '{"planVersion": 1}', '?keep=true')).status).to.equal(200);
    expect(serving.services.changes).to.deep.equal([
      { text: 'switch a', keep: false },
      { text: '{"planVersion": 1}', keep: true },
    ]);
  });

  it('answers with the diagnostics of a policy that is not taken', async () => {
    const place = { line: 1, column: 1, offset: 0 };
    const diagnostic = (code: string) => ({
      ...{ code, severity: 'error' as const, message: 'no', file: 'p', related: [] },
      range: { start: place, end: place },
    });
    for (const [codes, type] of [
      [['VMC4001'], 'policy-infeasible'],
      [['VMC4001', 'VMC2001'], 'policy-rejected'],
      [[], 'policy-rejected'],
    ] as const) {
      const diagnostics = codes.map(diagnostic);
      serving.services.outcome = { kind: 'rejected', message: 'no', diagnostics };
      for (const [method, path] of [
        ['PUT', '/v1/policy'],
        ['POST', '/v1/reload'],
      ] as const) {
        const problem = await problemOf(method, path, method === 'PUT' ? 'x' : undefined, 'text/plain');
        expect(problem).to.deep.include({ status: 422, type: `urn:vmc:problem:${type}`, diagnostics });
      }
    }
    serving.services.outcome = { kind: 'cannot-keep', message: 'read-only file system' };
    expect((await problemOf('PUT', '/v1/policy?keep=true', 'x', 'text/plain')).status).to.equal(409);
    expect((await problemOf('PUT', '/v1/policy?keep=perhaps', 'x', 'text/plain')).status).to.equal(400);
    expect((await problemOf('PUT', '/v1/policy', '', 'text/plain')).status).to.equal(400);
    expect((await problemOf('PUT', '/v1/policy', 'x', 'text/csv')).status).to.equal(415);
  });

  it('finds a guest by its key, its pid and its name', async () => {
    expect(await serving.client.guests()).to.deep.equal([guest]);
    for (const id of ['4711-99', '4711', 'my vm'])
      expect(await serving.client.guest(id)).to.deep.equal(guest);
    expect((await problemOf('GET', '/v1/guests/nobody')).detail).to.contain('nobody');
  });

  it('answers the plan unchanged', async () => {
    expect(await serving.client.plan()).to.deep.equal(plan);
  });

  it('answers forecasts as the schema has it, for the horizon and level asked for', async () => {
    const answer = await serving.client.forecast('owner.demand', { horizon: '10s', level: '80%' });
    expect([...Value.Errors(ForecastSchema, answer)]).to.deep.equal([]);
    expect(answer.steps).to.have.length(10);
    expect(answer).to.include({ level: 0.8, model: 'WEIGHTED', status: 'ready' });
    expect((await serving.client.forecast('owner.demand')).steps).to.have.length(30);
  });

  it('refuses horizons and levels that are none, with a pointer to each mistake', async () => {
    const problem = await problemOf('GET', '/v1/forecast/owner.demand?horizon=soon&level=2');
    expect(problem.status).to.equal(400);
    expect(problem.errors?.map(({ pointer }) => pointer)).to.have.members([
      '/querystring/horizon',
      '/querystring/level',
    ]);
    for (const query of ['level=0%25', 'level=100%25', 'level=0.0', 'horizon=601s', 'horizon=24h']) {
      expect((await problemOf('GET', `/v1/forecast/owner.demand?${query}`)).status, query).to.equal(400);
    }
    for (const level of ['101%25', '0%25', '0.0', '95']) {
      const { detail } = await problemOf('GET', `/v1/forecast/owner.demand?level=${level}`);
      expect(detail, level).to.equal('level must be a percentage above 0% and below 100%, such as 95%');
    }
    const { detail } = await problemOf('GET', '/v1/forecast/owner.demand?horizon=10h');
    expect(detail).to.contain('looks 1s to 10min ahead, not 10h');
    expect((await problemOf('GET', '/v1/forecast/owner.demand?horizon=0s')).detail).to.equal(
      'a forecast of owner.demand looks 1s to 10min ahead, not 0s',
    );
  });

  it('says which signals have no forecast, and which was meant', async () => {
    const detailOf = async (signal: string) => {
      const problem = await problemOf('GET', `/v1/forecast/${signal}`);
      expect(problem.status, signal).to.equal(404);
      return problem.detail;
    };
    expect(await detailOf('moon.phase')).to.equal(
      'there is no signal moon.phase on this host; GET /v1/series lists those that there are',
    );
    expect(await detailOf('owner.demnd')).to.contain('did you mean owner.demand?');
    serving.services.sample({ 'host.on-battery': 1 });
    expect(await detailOf('host.on-battery')).to.contain('true or false, of which there is no forecast');
  });

  it('answers the same forecast until there is more to know of its signal, and then another', async () => {
    const { services, client } = serving;
    const first = await client.forecast('owner.demand');
    expect(await client.forecast('owner.demand')).to.deep.equal(first);
    expect((await client.forecast('owner.demand', { level: '80%' })).level).to.equal(0.8);
    services.sample({ 'owner.demand': 90 });
    const second = await client.forecast('owner.demand');
    expect(second.atMs).to.equal(first.atMs + 1000);
    expect(second.steps[0]?.mean).to.not.equal(first.steps[0]?.mean);
    services.sample({});
    services.sample({});
    const overdue = await client.forecast('owner.demand');
    expect(overdue.atMs).to.equal(second.atMs);
    expect(overdue.steps[0]?.variance).to.be.above(second.steps[0]?.variance ?? 0);
    services.signals.forget('owner.demand');
    expect((await problemOf('GET', '/v1/forecast/owner.demand')).status).to.equal(404);
  });

  it('answers recorded samples, gaps as null', async () => {
    const series = await serving.client.series();
    expect(series.map(({ signal }) => signal)).to.deep.equal(['owner.demand']);
    expect(series.map((each) => Value.Check(SignalInfoSchema, each))).to.deep.equal([true]);
    const fromMs = status.atMs - 2000;
    const samples = await serving.client.samples('owner.demand', { fromMs });
    expect([...Value.Errors(HistorySchema, samples)]).to.deep.equal([]);
    expect(samples).to.deep.include({ fromMs, stepNs: 1e9, values: [54, null, 56] });
    const coarse = await serving.client.samples('owner.demand', { step: '30s' });
    expect(coarse.values).to.have.length(10);
    expect((await problemOf('GET', '/v1/series/owner.demnd')).detail).to.equal(
      'no samples of owner.demnd have been taken on this host; did you mean owner.demand?',
    );
    expect((await problemOf('GET', '/v1/series/owner.demand?step=0s')).status).to.equal(400);
  });

  it('flips switches for the owner, and says which do not exist', async () => {
    await serving.client.setSwitch('gaming', true, { for: '2h' });
    expect(serving.services.changes).to.deep.equal([{ name: 'gaming', on: true, forNs: 7_200_000_000_000n }]);
    const failure = await serving.client.setSwitch('gamin', true).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(DaemonError).and.to.include({ code: 'PROBLEM', status: 404 });
  });

  it('pushes values of signals for the owner, and says which they do not take', async () => {
    await serving.client.pushSignal('price', 31.5, { for: '1h' });
    expect(serving.services.changes).to.deep.equal([
      { name: 'price', value: 31.5, forNs: 3_600_000_000_000n },
    ]);
    const failureOf = (call: Promise<void>) => call.catch((error: unknown) => error);
    const unknown = await failureOf(serving.client.pushSignal('prize', 31.5));
    expect(unknown).to.be.instanceOf(DaemonError).and.to.include({ code: 'PROBLEM', status: 404 });
    for (const call of [
      () => serving.client.pushSignal('price', 'expensive'),
      () => serving.client.pushSignal('gaming', 1),
      () => serving.client.setSwitch('price', true),
    ]) {
      expect(await failureOf(call()), String(call)).to.include({ code: 'PROBLEM', status: 400 });
    }
  });

  it('validates bodies and takes none that is large', async () => {
    for (const body of [
      '{}',
      '{"value":"maybe"}',
      '{"value":true,"x":1}',
      '{"value":true,"for":"long"}',
      '{',
      '',
    ]) {
      expect((await problemOf('PUT', '/v1/signals/gaming', body)).status, body).to.equal(400);
    }
    expect((await problemOf('PUT', '/v1/signals/gaming', `"${'x'.repeat(70_000)}"`)).status).to.equal(413);
    expect((await problemOf('PUT', '/v1/signals/gaming', 'value=1', 'text/csv')).status).to.equal(415);
    expect(serving.services.changes).to.deep.equal([]);
  });

  it('releases on request', async () => {
    await serving.client.release();
    expect(serving.services.changes).to.deep.equal(['release']);
  });

  it('answers unknown routes and its own defects as problems', async () => {
    expect((await problemOf('GET', '/v2/status')).status).to.equal(404);
    Object.defineProperty(serving.services, 'plan', {
      value: () => {
        throw new Error('secret detail');
      },
    });
    const problem = await problemOf('GET', '/v1/plan');
    expect(problem.status).to.equal(500);
    expect(JSON.stringify(problem)).to.not.contain('secret');
  });
});
