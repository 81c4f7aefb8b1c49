import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect } from 'chai';
import { type Client, connect } from '../../../src/api/client.js';
import { Daemon } from '../../../src/api/daemon.js';
import { HTTP_LIMITS } from '../../../src/api/http-limits.js';
import { createLog } from '../../../src/api/log.js';
import { SimulatedHost } from '../../../src/enforce/index.js';
import { packageRoot } from '../../../src/support/package-root.js';
import { FACTS } from '../../cli/facts.js';
import { until } from '../../support/guests/until.js';
import { skipBecause } from '../../support/skip-because.js';
import { PLANS_AT_ONCE } from '../plans-at-once.js';
import { raw } from '../raw-request.js';
import { type Serving, startServing } from '../serving.js';

const NOBODY = '65534';
const POLICY = 'vm a { match name "a" and user "*" vcpus 1 }\nreserve a 20ms every 100ms\n';
const PROGRAM = join(packageRoot(), 'test', 'api', 'hostile', 'hostile-client.cjs');

describe('a daemon that hostile clients talk to', function () {
  this.timeout(120_000);
  let directory: string;
  let socket: string;
  let daemon: Daemon;
  let owner: Client;
  let attacker: ChildProcess | null;

  before(function () {
    if (process.getuid?.() !== 0) skipBecause(this, 'needs root, to be another user');
  });

  beforeEach(async () => {
    attacker = null;
    directory = mkdtempSync(join(tmpdir(), 'vmc-hostile-'));
    chmodSync(directory, 0o755);
    const file = join(directory, 'policy.vmc');
    writeFileSync(file, POLICY);
    socket = join(directory, 'vmcd.sock');
    const host = new SimulatedHost({ facts: FACTS });
    daemon = new Daemon({ file, socket, plans: PLANS_AT_ONCE, host, log: createLog({ write: () => {} }) });
    await daemon.start();
    chmodSync(socket, 0o666);
    owner = connect({ socket });
  });

  afterEach(async () => {
    attacker?.stdin?.end();
    owner.close();
    await daemon.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  /** Has another user attack; answers what came of it, which he goes on holding until the test ends. */
  async function attack<T>(name: string): Promise<T> {
    const as = ['--reuid', NOBODY, '--regid', NOBODY, '--clear-groups', '--pdeathsig', 'KILL'];
    attacker = spawn('setpriv', [...as, process.execPath, PROGRAM, socket, name], {
      stdio: ['pipe', 'pipe', 'inherit'],
      cwd: '/',
    });
    const [line] = (await once(createInterface({ input: attacker.stdout! }), 'line')) as [string];
    return JSON.parse(line) as T;
  }

  const metric = async (name: string) => {
    const { body } = await raw(socket, 'GET', '/metrics');
    return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(body)?.[1] ?? 0);
  };

  /** The owner is answered, and the enforcer goes on making its steps. */
  async function isWell(): Promise<void> {
    const before = await metric('vmc_steps_total');
    expect((await owner.status()).state).to.equal('running');
    await until(async () => (await metric('vmc_steps_total')) > before + 1);
  }

  it('ends requests that come by drops, and bodies that do not come', async () => {
    const { statuses, body } = await attack<{ statuses: number[]; body: number }>('slow');
    expect([...new Set(statuses), body]).to.deep.equal([408, 408]);
    await isWell();
  });

  it('lets one user have so many connections, and the owner all of his', async () => {
    interface Opened {
      readonly tried: number;
      readonly connected: number;
      readonly open: number;
    }
    const { tried, connected, open } = await attack<Opened>('connections');
    expect([tried, open]).to.deep.equal([10_000, HTTP_LIMITS.connectionsOfOne]);
    expect(await metric('vmc_http_turned_away_total')).to.be.at.least(connected - open);
    await isWell();
  });

  it('reads no more of a body than it takes, and nothing of what may not be sent', async () => {
    interface Poured {
      readonly status: number;
      readonly megabytes: number;
    }
    const { declared, chunked, policy } = await attack<Record<string, Poured>>('giantBodies');
    for (const one of [declared, chunked, policy]) expect(one?.megabytes).to.be.below(20);
    expect([0, 413]).to.include(declared?.status);
    expect([0, 413]).to.include(chunked?.status);
    expect([0, 403]).to.include(policy?.status);
    await isWell();
  });

  it('reads no more headers than it takes', async () => {
    const { flood } = await attack<{ flood: { status: number; megabytes: number } }>('headers');
    expect([0, 431]).to.include(flood.status);
    expect(flood.megabytes).to.be.below(20);
    await isWell();
  });

  it('answers what is no HTTP, and closes', async () => {
    const { statuses } = await attack<{ statuses: number[] }>('nonsense');
    expect(statuses).to.deep.equal([400, 400, 400, 431]);
    await isWell();
  });

  it('answers no faster than answers are read', async () => {
    const before = process.memoryUsage.rss();
    expect(await attack('pipelining')).to.deep.equal({ held: 10 });
    await isWell();
    expect((process.memoryUsage.rss() - before) / 1e6).to.be.below(200);
  });
});

describe('bodies and streams of hostile clients', () => {
  let serving: Serving;
  beforeEach(async () => {
    serving = await startServing();
  });
  afterEach(() => serving.stop());

  it('are refused where JSON is nested without end', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const depth = Math.floor(HTTP_LIMITS.bodyBytes / open.length) - 10;
      const headers = { 'content-type': 'application/json' };
      for (const body of [open.repeat(depth), `${open.repeat(depth / 2)}1${close.repeat(depth / 2)}`]) {
        const answer = await raw(serving.socket, 'POST', '/v1/admit', { body, headers });
        expect([400, 413]).to.include(answer.status);
      }
    }
  });

  it('are refused where they would change what all objects are', async () => {
    const answer = await raw(serving.socket, 'PUT', '/v1/signals/gaming', {
      body: '{"value":true,"__proto__":{"polluted":1}}',
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).to.equal(400);
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined);
  });

  const stream = (onClose: () => void) => {
    const socket = connectSocket(serving.socket, () =>
      socket.write('GET /v1/events HTTP/1.1\r\nHost: x\r\n\r\n'),
    );
    return socket.on('error', () => {}).once('close', onClose);
  };

  it('are so many of one client, and those that are given back count no more', async () => {
    const status = async () => {
      const socket = stream(() => {});
      const [piece] = (await once(socket, 'data')) as [Buffer];
      return { socket, status: Number(/^HTTP\/1\.1 (\d+)/.exec(piece.toString())?.[1]) };
    };
    const all = [];
    for (let i = 0; i < HTTP_LIMITS.streamsOfOne; i++) all.push(await status());
    expect(all.map((one) => one.status)).to.deep.equal(all.map(() => 200));
    const refused = await status();
    expect(refused.status).to.equal(429);
    for (const { socket } of [...all, refused]) socket.destroy();
    await until(async () => {
      const again = await status();
      again.socket.destroy();
      return again.status === 200;
    });
  });

  it('are cut off where nobody reads them', async () => {
    let closed = false;
    const socket = stream(() => {
      closed = true;
    });
    await once(socket, 'data');
    socket.pause();
    const message = 'x'.repeat(64 * 1024);
    for (let i = 0; i < 200; i++) serving.services.events.append({ kind: 'finding', message }, 0);
    expect((await raw(serving.socket, 'GET', '/healthz')).status).to.equal(200);
    socket.resume();
    await until(() => closed);
  });
});
