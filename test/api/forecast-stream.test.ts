import { once } from 'node:events';
import { createServer as createServerOfNode } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { connect, DaemonError, type ForecastUpdate } from '../../src/api/client.js';
import { ForecastUpdateSchema } from '../../src/api/forecast-schema.js';
import { ForecastStream } from '../../src/api/forecasts/forecast-stream.js';
import { ForecastTexts } from '../../src/api/forecasts/forecast-texts.js';
import { HTTP_LIMITS } from '../../src/api/http-limits.js';
import { listenOnSocket } from '../../src/api/listening-socket.js';
import { createServer } from '../../src/api/server.js';
import { until } from '../support/guests/until.js';
import { fakeServices } from './fake-services.js';
import { raw } from './raw-request.js';
import { type Serving, startServing } from './serving.js';

describe('GET /v1/forecast/{signal}/stream', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
  });
  afterEach(() => serving.stop());

  const next = async (stream: AsyncGenerator<ForecastUpdate>): Promise<ForecastUpdate> => {
    const { value } = await stream.next();
    expect([...Value.Errors(ForecastUpdateSchema, value)]).to.deep.equal([]);
    return value as ForecastUpdate;
  };
  const streamsOpen = async () =>
    Number(/^vmc_http_streams (\d+)$/m.exec((await raw(serving.socket, 'GET', '/metrics')).body)?.[1]);

  it('has the forecast at once, and another one for each sample, the same that the other routes have', async () => {
    const { client, services } = serving;
    const stream = client.forecastStream('owner.demand', { horizon: '10s', level: '80%' });
    const first = await next(stream);
    expect(first.skipped).to.equal(0);
    for (const value of [10, 90, 30]) {
      const coming = next(stream);
      services.sample({ 'owner.demand': value });
      const { skipped, forecast } = await coming;
      expect(skipped).to.equal(0);
      expect(forecast).to.deep.equal(await client.forecast('owner.demand', { horizon: '10s', level: '80%' }));
    }
    await stream.return(undefined);
    await until(async () => (await streamsOpen()) === 0);
  });

  it('has nothing new while there is nothing to know, and a forecast for a sample that is missed', async () => {
    const { client, services } = serving;
    const stream = client.forecastStream('owner.demand');
    const first = await next(stream);
    const coming = next(stream);
    services.sample({ 'host.cpu': 1 });
    services.sample({ 'host.cpu': 1 });
    const overdue = await coming;
    expect(overdue.skipped).to.equal(0);
    expect(overdue.forecast.atMs).to.equal(first.forecast.atMs);
    expect(overdue.forecast.steps[0]?.variance).to.be.above(first.forecast.steps[0]?.variance ?? 0);
    await stream.return(undefined);
  });

  it('gives a slow reader the newest and says how many were skipped, however long he reads nothing', async () => {
    const { services } = serving;
    const socket = connectSocket(serving.socket);
    socket.write('GET /v1/forecast/owner.demand/stream?horizon=10min HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const before = process.memoryUsage();
    const SAMPLES = 500;
    for (let i = 0; i < SAMPLES; i++) {
      services.sample({ 'owner.demand': 40 + (i % 13) });
      // What the kernel takes it may take.
      await new Promise(setImmediate);
    }
    const held = process.memoryUsage();
    expect((held.external + held.arrayBuffers - before.external - before.arrayBuffers) / 1e6).to.be.below(20);
    let text = '';
    socket.setEncoding('utf8').on('data', (piece) => {
      text += String(piece);
    });
    socket.resume();
    const updates = () =>
      [...text.matchAll(/^data: (.*)$/gm)].flatMap(([, line = '']) => {
        try {
          return [JSON.parse(line) as ForecastUpdate];
        } catch {
          return [];
        }
      });
    const newestMs = services.clock.wallMs();
    await until(async () => updates().at(-1)?.forecast.atMs === newestMs);
    const sent = updates();
    const skipped = sent.reduce((sum, one) => sum + one.skipped, 0);
    expect(skipped).to.be.above(SAMPLES / 2);
    // The first went out before the reader paused, or is among these.
    expect(sent.length + skipped).to.be.within(SAMPLES, SAMPLES + 1);
    socket.destroy();
  });

  it('is cut off where its reader takes nothing for as long as on any connection', async () => {
    serving.app.server.setTimeout(300);
    const socket = connectSocket(serving.socket);
    socket.write('GET /v1/forecast/owner.demand/stream?horizon=10min HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
    socket.pause();
    const connections = () =>
      new Promise<number>((resolve) => serving.app.server.getConnections((_, count) => resolve(count)));
    expect(await connections()).to.equal(1);
    await until(async () => {
      serving.services.sample({ 'owner.demand': 50 });
      return (await connections()) === 0;
    });
    socket.destroy();
  });

  it('says something now and then where nothing is new', async () => {
    const { signals } = serving.services;
    const query = { signal: 'owner.demand', horizon: '10s', level: '95%' };
    const server = createServerOfNode((_, response) => {
      response.writeHead(200);
      const { log } = serving.app;
      const texts = new ForecastTexts(signals);
      new ForecastStream({ response, query, signals, texts, log, heartbeatMs: 2 }).update();
    });
    await listenOnSocket(server, `${serving.socket}-of-node`);
    const socket = connectSocket(`${serving.socket}-of-node`);
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    let text = '';
    socket.setEncoding('utf8').on('data', (piece) => {
      text += String(piece);
    });
    await until(() => (text.match(/^:$/gm) ?? []).length > 3);
    expect(text.match(/^event: /gm)).to.have.length(1);
    socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it('says that a signal has gone, and ends', async () => {
    const { client, services } = serving;
    const stream = client.forecastStream('owner.demand', { reconnect: true });
    await next(stream);
    const ended = stream.next().catch((error: unknown) => error);
    services.signals.forget('owner.demand');
    services.sample({});
    const error = (await ended) as DaemonError;
    expect(error).to.be.instanceOf(DaemonError).and.include({ code: 'PROBLEM', status: 410 });
    expect(error.problem?.type).to.equal('urn:vmc:problem:gone');
    expect(error.message).to.equal('owner.demand is not recorded any more; GET /v1/series lists what is');
    await until(async () => (await streamsOpen()) === 0);
  });

  it('refuses what cannot be forecast before it is a stream', async () => {
    for (const [path, status] of [
      ['moon.phase/stream', 404],
      ['owner.demand/stream?horizon=0s', 400],
      ['owner.demand/stream?horizon=1d', 400],
      ['owner.demand/stream?level=1', 400],
    ] as const) {
      const answer = await raw(serving.socket, 'GET', `/v1/forecast/${path}`);
      expect([answer.status, answer.type], path).to.deep.equal([
        status,
        'application/problem+json; charset=utf-8',
      ]);
    }
    expect((await raw(serving.socket, 'HEAD', '/v1/forecast/owner.demand/stream')).status).to.equal(404);
    expect(await streamsOpen()).to.equal(0);
  });

  it('counts with the streams of events', async () => {
    const { client } = serving;
    const streams = Array.from({ length: HTTP_LIMITS.streamsOfOne }, () =>
      client.forecastStream('owner.demand'),
    );
    for (const stream of streams) await next(stream);
    expect((await raw(serving.socket, 'GET', '/v1/events?follow=false')).status).to.equal(429);
    const tooMany = await client
      .forecastStream('owner.demand')
      .next()
      .catch((error: unknown) => error);
    expect(tooMany).to.be.instanceOf(DaemonError).and.include({ status: 429, retryAfterS: 5 });
    for (const stream of streams) await stream.return(undefined);
  });

  it('ends with the daemon, and goes on with the next one where it is told to', async () => {
    const { client } = serving;
    const [ending, lasting] = [{}, { reconnect: true }].map((options) =>
      client.forecastStream('owner.demand', options),
    );
    await next(ending!);
    await next(lasting!);
    const end = ending!.next();
    await serving.app.close();
    expect(await end).to.deep.equal({ done: true, value: undefined });
    const services = fakeServices();
    const app = await createServer(services);
    await listenOnSocket(app.server, serving.socket);
    expect((await next(lasting!)).forecast.signal).to.equal('owner.demand');
    await lasting!.return(undefined);
    await app.close();
  });

  it('ends when its reader says so', async () => {
    const abort = new AbortController();
    const client = connect({ socket: serving.socket });
    const stream = client.forecastStream('owner.demand', { signal: abort.signal, reconnect: true });
    await next(stream);
    const ended = stream.next();
    abort.abort();
    expect(await ended).to.deep.equal({ done: true, value: undefined });
    client.close();
  });
});
