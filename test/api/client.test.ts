import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { type Client, connect, DaemonError } from '../../src/api/client.js';
import { listenOnSocket } from '../../src/api/listening-socket.js';
import { createServer } from '../../src/api/server.js';
import type { EnforcerEvent } from '../../src/enforce/status.js';
import { fakeServices, plan, status } from './fake-services.js';
import { type Serving, startServing } from './serving.js';

const TOKEN = 'c'.repeat(40);
const failureOf = (asked: Promise<unknown>) => asked.catch((error: unknown) => error);

describe('the client', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
  });
  afterEach(() => serving.stop());

  it('puts policies and plans, each as what it is', async () => {
    const { client, services } = serving;
    expect(await client.putPolicy('switch a')).to.deep.equal({ policy: plan.policy, diagnostics: [] });
    await client.putPolicy(' {"planVersion": 1}', { keep: true });
    await client.reload();
    expect(services.changes).to.deep.equal([
      { text: 'switch a', keep: false },
      { text: ' {"planVersion": 1}', keep: true },
      'reload',
    ]);
  });

  it('has what is wrong with a policy in its error', async () => {
    const place = { line: 1, column: 1, offset: 0 };
    const diagnostic = { code: 'VMC2001', severity: 'error', message: 'no', file: 'p', related: [] } as const;
    serving.services.outcome = {
      kind: 'rejected',
      message: 'no',
      diagnostics: [{ ...diagnostic, range: { start: place, end: place } }],
    };
    const error = (await failureOf(serving.client.putPolicy('x'))) as DaemonError;
    expect(error).to.be.instanceOf(DaemonError).and.include({ code: 'PROBLEM', status: 422 });
    expect(error.problem?.type).to.equal('urn:vmc:problem:policy-rejected');
    expect(error.problem?.diagnostics?.[0]?.code).to.equal('VMC2001');
  });

  it('tells a daemon that is not ready, or gets no further, from one that is', async () => {
    const { client, services } = serving;
    expect([await client.isAlive(), await client.isReady()]).to.deep.equal([true, true]);
    services.current = null;
    services.measured = { ...services.measured, steps: { ...services.measured.steps, ageNs: 1e11 } };
    expect([await client.isAlive(), await client.isReady()]).to.deep.equal([false, false]);
    expect(await failureOf(connect({ socket: '/nowhere' }).isAlive())).to.include({ code: 'NO_DAEMON' });
  });

  it('has the metrics as text', async () => {
    expect(await serving.client.metrics()).to.contain('vmc_steps_total 42');
  });

  describe('over TCP', () => {
    let app: FastifyInstance;
    let client: Client;
    let url: string;
    beforeEach(async () => {
      app = await createServer(fakeServices(), { access: { kind: 'tcp', token: () => TOKEN } });
      await app.listen({ host: '127.0.0.1', port: 0 });
      url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
      client = connect({ url, token: TOKEN });
    });
    afterEach(async () => {
      client.close();
      await app.close();
    });

    it('reads with a token, and changes nothing', async () => {
      expect(client.address).to.equal(url);
      expect(await client.status()).to.deep.equal(status);
      const [one] = await client.forecasts([{ signal: 'owner.demand' }]);
      const stream = client.forecastStream('owner.demand');
      const { value } = await stream.next();
      expect(one && 'forecast' in one && one.forecast).to.deep.equal(value?.forecast);
      await stream.return(undefined);
      const error = (await failureOf(client.release())) as DaemonError;
      expect([error.status, error.problem?.type]).to.deep.equal([403, 'urn:vmc:problem:read-only']);
    });

    it('is told when the token is wrong, once and for all', async () => {
      const wrong = connect({ url, token: 'guess' });
      expect(await failureOf(wrong.status())).to.include({ code: 'PROBLEM', status: 401 });
      const stream = wrong.events({ reconnect: true });
      expect(await failureOf(stream.next())).to.include({ status: 401 });
      wrong.close();
    });

    it('is told when it may ask again', async () => {
      const all = await Promise.all(Array.from({ length: 40 }, () => failureOf(client.metrics())));
      const refused = all.find((one) => one instanceof DaemonError) as DaemonError;
      expect(refused.status).to.equal(429);
      expect(refused.retryAfterS).to.be.within(1, 60);
    });

    it('takes no address of another kind', () => {
      expect(() => connect({ url: 'ftp://127.0.0.1', token: TOKEN })).to.throw(TypeError, 'http or https');
      expect(() => connect({ url: 'nonsense', token: TOKEN })).to.throw(TypeError);
    });
  });

  describe('with a stream that is to last', () => {
    const next = async (stream: AsyncGenerator<EnforcerEvent>) => (await stream.next()).value?.message;

    /** Another daemon on the same socket. */
    async function restart(messages: readonly string[]): Promise<FastifyInstance> {
      await serving.app.close();
      const services = fakeServices();
      for (const message of messages) services.events.append({ kind: 'finding', message }, 0);
      const app = await createServer(services);
      await listenOnSocket(app.server, serving.socket);
      return app;
    }

    it('goes on behind what was read when the daemon is back', async () => {
      for (const message of ['one', 'two']) serving.services.events.append({ kind: 'finding', message }, 0);
      const stream = serving.client.events({ reconnect: true });
      expect([await next(stream), await next(stream)]).to.deep.equal(['one', 'two']);
      const app = await restart(['one', 'two', 'three']);
      expect(await next(stream)).to.equal('three');
      await stream.return(undefined);
      await app.close();
    });

    it('begins anew where the events of another daemon are fewer than were read', async () => {
      for (const message of ['one', 'two']) serving.services.events.append({ kind: 'finding', message }, 0);
      const stream = serving.client.events({ reconnect: true, after: 1 });
      expect(await next(stream)).to.equal('two');
      const app = await restart(['new']);
      expect(await next(stream)).to.equal('new');
      await stream.return(undefined);
      await app.close();
    });

    it('ends while it waits for a daemon, when it is told to', async () => {
      const abort = new AbortController();
      const stream = connect({ socket: '/nowhere' }).events({ reconnect: true, signal: abort.signal });
      const ended = stream.next();
      abort.abort();
      expect(await ended).to.deep.equal({ done: true, value: undefined });
    });
  });
});
