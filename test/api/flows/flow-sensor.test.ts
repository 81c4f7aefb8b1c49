import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import { FLOW_BYTES, type Flow } from '../../../src/api/flows/flow.js';
import { FlowError, FlowProbe } from '../../../src/api/flows/flow-probe.js';
import { FlowSensor } from '../../../src/api/flows/flow-sensor.js';
import { createServer } from '../../../src/api/server.js';
import { until } from '../../support/guests/until.js';
import { fakeServices } from '../fake-services.js';

const TOKEN = 'f'.repeat(64);

describe('flows', () => {
  let app: FastifyInstance;
  let flow: Flow;
  const servers: Server[] = [];
  beforeEach(async () => {
    app = await createServer(fakeServices(), { access: { kind: 'tcp', token: () => TOKEN } });
    await app.listen({ host: '127.0.0.1', port: 0 });
    flow = flowTo((app.server.address() as AddressInfo).port);
  });
  afterEach(async () => {
    await app.close();
    for (const server of servers.splice(0)) server.close();
  });

  const flowTo = (port: number): Flow => ({ name: 'lab', address: { host: '127.0.0.1', port } });
  const reasonOf = async (promise: Promise<unknown>): Promise<string> => {
    const error = await promise.then(
      () => null,
      (one: unknown) => one,
    );
    expect(error).to.be.instanceOf(FlowError);
    return (error as FlowError).message;
  };
  async function listen(server: Server): Promise<Flow> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return flowTo((server.address() as AddressInfo).port);
  }

  it('are measured between daemons', async () => {
    const probe = new FlowProbe(flow, () => TOKEN);
    expect(await probe.latencyMs()).to.be.above(0);
    expect(await probe.bytesPerSecond()).to.be.above(0);
    expect(await probe.bytesPerSecond(), 'as large as the first says').to.be.above(0);
  });

  it('take bytes that nothing can compress, as many as are asked for and no more than 4 MiB', async () => {
    const headers = { authorization: `Bearer ${TOKEN}`, host: '127.0.0.1' };
    const get = (bytes: number) => app.inject({ path: `/v1/flow?bytes=${bytes}`, headers });
    const { rawPayload, headers: sent } = await get(FLOW_BYTES.least + 7);
    expect(rawPayload).to.have.length(FLOW_BYTES.least + 7);
    expect(sent['content-length']).to.equal(`${FLOW_BYTES.least + 7}`);
    expect(new Set(rawPayload.subarray(0, 4096)).size).to.be.above(200);
    for (const bytes of [0, 1, FLOW_BYTES.most + 1]) expect((await get(bytes)).statusCode).to.equal(400);
    expect((await app.inject({ path: '/v1/flow', headers: { host: '127.0.0.1' } })).statusCode).to.equal(401);
  });

  it('say why they cannot be measured: nobody listens, another token, no daemon, silence in mid-transfer', async () => {
    const closed = createTcpServer();
    const nobody = await listen(closed);
    await new Promise((resolve) => closed.close(resolve));
    expect(await reasonOf(new FlowProbe(nobody, () => TOKEN).latencyMs())).to.contain('ECONNREFUSED');
    expect(await reasonOf(new FlowProbe(flow, () => 'wrong').bytesPerSecond())).to.contain('token');
    const rude = await listen(createTcpServer((socket) => void socket.end('220 mail\r\n')));
    expect(await reasonOf(new FlowProbe(rude, () => TOKEN).bytesPerSecond())).to.not.equal('');
    const breaking = await listen(
      createTcpServer((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${FLOW_BYTES.first}\r\n\r\n${'x'.repeat(1000)}`);
        setImmediate(() => socket.destroy());
      }),
    );
    expect(await reasonOf(new FlowProbe(breaking, () => TOKEN).bytesPerSecond())).to.not.equal('');
  });

  it('become signals, with a gap where they could not be measured, which is told once', async () => {
    const recorded: string[] = [];
    const told: (string | null)[] = [];
    let token = TOKEN;
    let nowNs = 0n;
    let tick: () => void = () => {};
    const sensor = new FlowSensor({
      flows: [flow],
      signals: { record: (signal, _, atNs) => recorded.push(`${signal} ${atNs}`) },
      token: () => token,
      onChange: (_, trouble) => told.push(trouble),
      clock: { monotonicNs: () => nowNs, wallMs: () => 0 },
      schedule: (_, run) => {
        tick = run;
        return () => {};
      },
    });
    const next = async (samples: number): Promise<void> => {
      nowNs += 10_000_000_000n;
      const [recordedSoFar, toldSoFar] = [recorded.length, told.length];
      tick();
      await until(() => recorded.length + told.length >= recordedSoFar + toldSoFar + samples);
    };
    sensor.start();
    await until(() => recorded.length === 2);
    expect(recorded).to.deep.equal(['flow.lab.latency 0', 'flow.lab.bandwidth 0']);
    for (let i = 0; i < 5; i++) await next(1);
    token = 'wrong';
    // A latency, and that there is no bandwidth.
    await next(2);
    expect(recorded).to.have.length(8);
    for (let i = 0; i < 5; i++) await next(1);
    expect(told, 'a latency alone is not all').to.deep.equal(['it does not take our token']);
    token = TOKEN;
    // Both, and that it can be measured again.
    await next(3);
    expect(told.slice(1)).to.deep.equal([null]);
    expect(recorded.at(-1)).to.equal('flow.lab.bandwidth 120000000000');
    sensor.stop();
    sensor.stop();
  });
});
