import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Value } from '@sinclair/typebox/value';
import { expect } from 'chai';
import { type Client, connect } from '../../src/api/client.js';
import { Daemon } from '../../src/api/daemon.js';
import { isAlive } from '../../src/api/listening-socket.js';
import { createLog } from '../../src/api/log.js';
import type { PlanLoader } from '../../src/api/plan-thread.js';
import { RejectedPolicyError } from '../../src/api/policy-in-force.js';
import type { Problem } from '../../src/api/problem.js';
import { SimulatedHost } from '../../src/enforce/index.js';
import { StatusSchema } from '../../src/enforce/status.js';
import { FACTS } from '../cli/facts.js';
import { until } from '../support/guests/until.js';
import { PLANS_AT_ONCE } from './plans-at-once.js';
import { raw } from './raw-request.js';

const POLICY = `
vm steady { match name "steady" and user "*" vcpus 1 }
switch gaming
reserve steady 20ms every 100ms
when gaming { limit guests to 1 core }
`;

describe('the daemon', () => {
  let directory: string;
  let file: string;
  let socket: string;
  let host: SimulatedHost;
  let client: Client;
  let lines: Record<string, unknown>[];
  let daemon: Daemon;

  const log = () => createLog({ write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-daemon-'));
    file = join(directory, 'policy.vmc');
    socket = join(directory, 'vmcd.sock');
    writeFileSync(file, POLICY);
    host = new SimulatedHost({ facts: FACTS });
    lines = [];
    client = connect({ socket });
    daemon = new Daemon({ file, socket, plans: PLANS_AT_ONCE, host, log: log() });
  });

  afterEach(async () => {
    client.close();
    await daemon.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('compiles a policy for its host, enforces it, and tells of it over its socket', async () => {
    const key = host.boot({ name: 'steady' });
    await daemon.start();
    const status = await client.status();
    expect([...Value.Errors(StatusSchema, status)]).to.deep.equal([]);
    expect(status.guests.map((guest) => [guest.key, guest.class])).to.deep.equal([[key, 'steady']]);
    expect(host.log.some(({ action }) => action.kind === 'reserve')).to.equal(true);
    expect((await client.plan()).host).to.deep.equal(FACTS);
    await until(async () => (await client.series()).some(({ signal }) => signal === 'steady.count'));
  });

  it('gives everything back when it ends, and leaves no socket', async () => {
    host.boot({ name: 'steady' });
    const bandwidth = host.freeBandwidth;
    await daemon.start();
    await daemon.stop();
    await daemon.ended;
    host.advance(1e9);
    expect([host.freeBandwidth, host.groupCount]).to.deep.equal([bandwidth, 0]);
    expect(await isAlive(socket)).to.equal(false);
  });

  it('ends on a request to release, which is answered when everything is given back', async () => {
    host.boot({ name: 'steady' });
    await daemon.start();
    await client.release();
    expect(host.groupCount).to.equal(0);
    await daemon.ended;
  });

  it('flips a switch of the policy', async () => {
    await daemon.start();
    expect((await client.status()).mode?.id).to.equal('not gaming');
    await client.setSwitch('gaming', true);
    await until(async () => (await client.status()).mode?.id === 'gaming');
  });

  it('takes values of signals, as they are written, and forecasts what it recorded of them', async () => {
    writeFileSync(
      file,
      `${POLICY}signal "grid load" %\nwhen "grid load" > 60% { pause steady }\n`.replace(/^reserve.*$/m, ''),
    );
    await daemon.start();
    const value = async () =>
      (await client.status()).atoms.find(({ id }) => id === '"grid load" > 60%')?.value;
    expect(await value()).to.equal('unknown');
    await client.pushSignal('grid load', '75%', { for: '1h' });
    await until(async () => (await value()) === true);
    await until(async () => (await client.series()).some(({ signal }) => signal === '"grid load"'));
    await client.pushSignal('grid load', '10%');
    await until(async () => (await value()) === false);
  });

  it('does not start with a policy that has errors, and has then touched nothing for good', async () => {
    writeFileSync(file, 'keep 1 corse for owner');
    const failure = await daemon.start().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(RejectedPolicyError);
    expect(host.log).to.deep.equal([]);
    expect(await isAlive(socket)).to.equal(false);
  });

  it('does not start where another daemon listens, and gives back what it took', async () => {
    await daemon.start();
    const other = new SimulatedHost({ facts: FACTS });
    other.boot({ name: 'steady' });
    const second = new Daemon({ file, socket, plans: PLANS_AT_ONCE, host: other, log: log() });
    const failure = await second.start().catch((error: unknown) => error);
    expect(failure).to.have.property('name', 'SocketInUseError');
    expect(other.groupCount).to.equal(0);
    expect((await client.status()).state).to.equal('running');
  });

  it('can be stopped while it starts', async () => {
    const starting = daemon.start();
    await daemon.stop();
    await starting;
    expect(await isAlive(socket)).to.equal(false);
  });

  describe('with a new version of its file', () => {
    const replaced = () => until(async () => (await client.plan()).switches.length === 2);

    it('takes it on request', async () => {
      await daemon.start();
      writeFileSync(file, `${POLICY}switch night\n`);
      await daemon.reload();
      await replaced();
    });

    it('takes it within seconds by itself, also when an editor replaced the file', async () => {
      await daemon.start();
      writeFileSync(file, `${POLICY}switch night\n`);
      // A file system's clock may be coarser than a test is fast.
      utimesSync(file, new Date(), new Date(Date.now() + 5000));
      await replaced();
    });

    it('takes it by itself when only a file changed that it imports, and one that was missing appears', async () => {
      const classes = join(directory, 'classes.vmc');
      const names = async () => (await client.plan()).classes.map((one) => one.name);
      const classText = (name: string) => `vm ${name} { match name "${name}" and user "*" vcpus 1 }\n`;
      writeFileSync(file, 'import "classes.vmc"\nlimit guests to 1 core\n');
      writeFileSync(classes, classText('first'));
      await daemon.start();
      expect(await names()).to.deep.equal(['first']);
      writeFileSync(classes, `${classText('first')}${classText('second')}`);
      await until(async () => (await names()).length === 2);
      rmSync(classes);
      await until(async () =>
        (await client.status()).findings.some(({ code }) => code === 'policy-rejected'),
      );
      writeFileSync(classes, classText('third'));
      await until(async () => (await names()).join() === 'third');
    });

    it('keeps the policy in force when the new one has errors, and logs them', async () => {
      await daemon.start();
      for (const text of ['keep 1 corse for owner', '{"planVersion": 1}', '\0']) {
        writeFileSync(file, text);
        const before = lines.length;
        await daemon.reload();
        expect(
          lines.slice(before).some(({ level }) => level === 50),
          text,
        ).to.equal(true);
      }
      rmSync(file);
      await daemon.reload();
      expect((await client.plan()).switches).to.deep.equal(['gaming']);
      expect((await client.status()).state).to.equal('running');
    });

    it('says in its status that the file is not in force, until it is put right', async () => {
      const rejections = async () =>
        (await client.status()).findings.filter(({ code }) => code === 'policy-rejected');
      await daemon.start();
      writeFileSync(file, 'keep 1 corse for owner');
      await daemon.reload();
      expect((await rejections()).map(({ severity }) => severity)).to.deep.equal(['error']);
      rmSync(file);
      await until(async () => (await rejections())[0]?.message.includes('no such file'));
      writeFileSync(file, POLICY);
      await until(async () => (await rejections()).length === 0);
    });
  });

  describe('with a policy that is put', () => {
    const put = (text: string, keep = false) =>
      raw(socket, 'PUT', `/v1/policy?keep=${keep}`, {
        body: text,
        headers: { 'content-type': 'text/plain' },
      });
    const switches = async () => (await client.plan()).switches;
    const findings = async () => (await client.status()).findings.map(({ code }) => code);
    const OTHER = `${POLICY}switch night\n`;

    it('keeps it in force until the file is asked for again, and says so', async () => {
      await daemon.start();
      expect((await put(OTHER)).status).to.equal(200);
      expect(await switches()).to.deep.equal(['gaming', 'night']);
      expect(await findings()).to.include('policy-not-kept');
      expect(readFileSync(file, 'utf8')).to.equal(POLICY);
      await raw(socket, 'POST', '/v1/reload');
      expect(await switches()).to.deep.equal(['gaming']);
      expect(await findings()).to.not.include('policy-not-kept');
    });

    it('writes it into the file where it is to be kept, so that it is in force after a restart', async () => {
      await daemon.start();
      expect((await put(OTHER, true)).status).to.equal(200);
      expect(readFileSync(file, 'utf8')).to.equal(OTHER);
      expect(await findings()).to.not.include('policy-not-kept');
      await daemon.stop();
      daemon = new Daemon({
        file,
        socket,
        plans: PLANS_AT_ONCE,
        host: new SimulatedHost({ facts: FACTS }),
        log: log(),
      });
      await daemon.start();
      expect(await switches()).to.deep.equal(['gaming', 'night']);
    });

    it('takes nothing that has errors, cannot be kept on this host, or proves nothing', async () => {
      await daemon.start();
      const plan = await client.plan();
      const infeasible = POLICY.replace('20ms every 100ms', '99ms every 100ms').replace(
        'vm steady',
        'keep 2 cores for owner\nvm steady',
      );
      const nested = `{"planVersion":1,"policy":${'['.repeat(200_000)}`;
      const rejected = await Promise.all([
        put('keep 1 corse for owner', true),
        put(infeasible, true),
        put(JSON.stringify({ ...plan, certificate: { schedules: [] } }), true),
        put(nested, true),
        put('\0', true),
      ]);
      expect(rejected.map(({ status }) => status)).to.deep.equal([422, 422, 422, 422, 422]);
      const problems = rejected.map(({ body }) => JSON.parse(body) as Problem);
      expect(problems[0]?.diagnostics?.[0]).to.include({ file, severity: 'error' });
      expect(problems[1]?.type).to.equal('urn:vmc:problem:policy-infeasible');
      expect(await client.plan()).to.deep.equal(plan);
      expect(readFileSync(file, 'utf8')).to.equal(POLICY);
    });

    it('changes nothing where it is to be kept and its file cannot be written', async () => {
      await daemon.start();
      rmSync(file);
      mkdirSync(file);
      expect((await put(OTHER, true)).status).to.equal(409);
      expect(await switches()).to.deep.equal(['gaming']);
      rmSync(file, { recursive: true });
    });

    it('takes a plan', async () => {
      await daemon.start();
      const plan = await client.plan();
      await put(OTHER);
      const answer = await raw(socket, 'PUT', '/v1/policy', {
        body: JSON.stringify(plan),
        headers: { 'content-type': 'application/json' },
      });
      expect(answer.status).to.equal(200);
      expect(await client.plan()).to.deep.equal(plan);
    });
  });

  describe('while a policy is being compiled', () => {
    /** Compiles when it is told to. */
    let compile: (() => void) | null;
    const slowly: PlanLoader = {
      ...PLANS_AT_ONCE,
      load: async (request) => {
        if (request.kind === 'text')
          await new Promise<void>((resolve) => {
            compile = resolve;
          });
        return PLANS_AT_ONCE.load(request);
      },
    };
    const put = (text: string) =>
      raw(socket, 'PUT', '/v1/policy', { body: text, headers: { 'content-type': 'text/plain' } });
    const steps = async () =>
      Number(/^vmc_steps_total (\d+)/m.exec((await raw(socket, 'GET', '/metrics')).body)?.[1]);

    beforeEach(() => {
      compile = null;
      daemon = new Daemon({ file, socket, plans: slowly, host, log: log() });
    });

    it('goes on with its steps and with what it is asked, and takes in turn what comes meanwhile', async () => {
      await daemon.start();
      const putting = put(`${POLICY}switch night\n`);
      const before = await steps();
      await until(async () => (await steps()) > before + 1);
      await client.setSwitch('gaming', true);
      await until(async () => (await client.status()).mode?.id === 'gaming');
      writeFileSync(file, `${POLICY}switch summer\n`);
      const reloading = raw(socket, 'POST', '/v1/reload');
      expect((await client.plan()).switches).to.deep.equal(['gaming']);
      compile?.();
      expect((await putting).status).to.equal(200);
      expect((await reloading).status).to.equal(200);
      expect((await client.plan()).switches).to.deep.equal(['gaming', 'summer']);
    });

    it('takes nothing more once it is to end', async () => {
      await daemon.start();
      const outcome = daemon.replacePolicy(`${POLICY}switch night\n`, { keep: true });
      await until(() => compile !== null);
      const stopping = daemon.stop();
      compile?.();
      expect(await outcome).to.deep.include({ kind: 'rejected', message: 'the daemon ends' });
      await stopping;
      expect(readFileSync(file, 'utf8')).to.equal(POLICY);
    });
  });

  it('takes a plan as it stands, once its certificate is verified', async () => {
    await daemon.start();
    const plan = await client.plan();
    await daemon.stop();
    writeFileSync(file, JSON.stringify(plan));
    daemon = new Daemon({
      file,
      socket,
      plans: PLANS_AT_ONCE,
      host: new SimulatedHost({ facts: FACTS }),
      log: log(),
    });
    await daemon.start();
    expect(await client.plan()).to.deep.equal(plan);
    await daemon.stop();
    writeFileSync(file, JSON.stringify({ ...plan, certificate: { schedules: [] } }));
    daemon = new Daemon({
      file,
      socket,
      plans: PLANS_AT_ONCE,
      host: new SimulatedHost({ facts: FACTS }),
      log: log(),
    });
    const failure = await daemon.start().catch((error: unknown) => error);
    expect(failure).to.have.property('name', 'InvalidPlanError');
  });
});
