import { chmodSync, chownSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { FastifyInstance } from 'fastify';
import type { Problem } from '../../src/api/problem.js';
import { createServer } from '../../src/api/server.js';
import { isLoopback, parseTcpAddress } from '../../src/api/tcp-address.js';
import { readToken } from '../../src/api/token-file.js';
import { type FakeServices, fakeServices, status } from './fake-services.js';
import { raw } from './raw-request.js';

const TOKEN = 'b'.repeat(64);

describe('the daemon over TCP', () => {
  let app: FastifyInstance;
  let services: FakeServices;
  let port: number;
  let token: string;

  beforeEach(async () => {
    services = fakeServices();
    token = TOKEN;
    app = await createServer(services, { access: { kind: 'tcp', token: () => token } });
    await app.listen({ host: '127.0.0.1', port: 0 });
    ({ port } = app.server.address() as AddressInfo);
  });
  afterEach(() => app.close());

  const bearer = (text = TOKEN) => ({ authorization: `Bearer ${text}` });
  const ask = (method: string, path: string, headers: Record<string, string> = bearer()) =>
    raw(port, method, path, { headers });

  it('answers who has the token', async () => {
    expect(JSON.parse((await ask('GET', '/v1/status')).body)).to.deep.equal(status);
    expect((await ask('GET', '/metrics')).status).to.equal(200);
  });

  it('answers nobody else, whatever is asked for', async () => {
    const wrong = [{}, bearer('b'), bearer(`${TOKEN}b`), bearer(''), { authorization: `Basic ${TOKEN}` }];
    for (const headers of wrong) {
      for (const path of ['/v1/status', '/healthz', '/openapi.json', '/nothing']) {
        const answer = await ask('GET', path, headers as Record<string, string>);
        expect([answer.status, answer.headers['www-authenticate']]).to.deep.equal([
          401,
          'Bearer realm="vmcd"',
        ]);
        expect(answer.body).to.not.contain('b'.repeat(32));
      }
    }
  });

  it('takes the token that counts now', async () => {
    token = 'c'.repeat(64);
    expect((await ask('GET', '/healthz')).status).to.equal(401);
    expect((await ask('GET', '/healthz', bearer(token))).status).to.equal(200);
  });

  it('changes nothing, not even for root with the token', async () => {
    for (const [method, path] of [
      ['PUT', '/v1/policy'],
      ['PUT', '/v1/signals/gaming'],
      ['POST', '/v1/reload'],
      ['POST', '/v1/release'],
    ] as const) {
      const answer = await raw(port, method, path, {
        body: '{"value":true}',
        headers: { ...bearer(), 'content-type': 'application/json' },
      });
      expect([answer.status, (JSON.parse(answer.body) as Problem).type]).to.deep.equal([
        403,
        'urn:vmc:problem:read-only',
      ]);
    }
    expect(services.changes).to.deep.equal([]);
  });

  it('answers to addresses and names of this machine only, so that no web page can ask it under a name of its own', async () => {
    for (const host of ['127.0.0.1', `127.0.0.1:${port}`, '[::1]:1', 'localhost', 'LOCALHOST:80', hostname()])
      expect((await ask('GET', '/healthz', { ...bearer(), host })).status, host).to.equal(200);
    for (const host of [
      'evil.example',
      `localhost.evil.example:${port}`,
      '127.0.0.1.evil.example',
      'x@localhost',
    ])
      expect((await ask('GET', '/healthz', { ...bearer(), host })).status, host).to.equal(421);
  });

  it('lets no page of another origin read an answer', async () => {
    const headers = { ...bearer(), origin: 'http://evil.example', 'access-control-request-method': 'GET' };
    for (const method of ['OPTIONS', 'GET']) {
      const answer = await ask(method, '/v1/status', headers);
      const allowed = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'));
      expect(allowed, method).to.deep.equal([]);
    }
  });

  it('asks whoever is too fast, with or without the token, to wait', async () => {
    // Metrics cost as much as four other requests: 15 at once, then 5 a second.
    const answers = await Promise.all(
      Array.from({ length: 80 }, () => ask('GET', '/metrics', bearer('guess'))),
    );
    const refused = answers.filter((one) => one.status === 429);
    expect(refused.length).to.be.within(1, 65);
    expect(Number(refused[0]?.headers['retry-after'])).to.be.within(1, 60);
  });
});

describe('an address to listen on', () => {
  it('is an IP address, or localhost, with a port', () => {
    expect(parseTcpAddress('127.0.0.1:7070')).to.deep.equal({ host: '127.0.0.1', port: 7070 });
    expect(parseTcpAddress('localhost:0')).to.deep.equal({ host: '127.0.0.1', port: 0 });
    expect(parseTcpAddress('[::1]:1')).to.deep.equal({ host: '::1', port: 1 });
    for (const text of [
      '7070',
      '127.0.0.1',
      '127.0.0.1:65536',
      'host:80',
      '::1:80',
      '[::1]',
      ':80',
      '1.2.3:80',
    ])
      expect(parseTcpAddress(text), text).to.equal(null);
  });

  it('is for this machine alone where it is a loopback address', () => {
    const hosts = ['127.0.0.1', '127.8.9.10', '::1', '0.0.0.0', '192.168.1.1', '::', '::ffff:10.0.0.1'];
    expect(hosts.filter((host) => isLoopback({ host, port: 1 }))).to.deep.equal([
      '127.0.0.1',
      '127.8.9.10',
      '::1',
    ]);
  });
});

describe('a token file', () => {
  let directory: string;
  let file: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-token-'));
    file = join(directory, 'token');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const write = (text: string, mode: number) => {
    writeFileSync(file, text);
    chmodSync(file, mode);
  };

  it('holds one line, for its owner and at most one group to read', () => {
    for (const mode of [0o600, 0o400, 0o640, 0o440]) {
      write(`${TOKEN}\n`, mode);
      expect(readToken(file)).to.equal(TOKEN);
    }
  });

  it('is refused where others can read or change it, with the way to put it right', () => {
    for (const mode of [0o644, 0o604, 0o620, 0o602, 0o666]) {
      write(`${TOKEN}\n`, mode);
      expect(() => readToken(file), mode.toString(8)).to.throw(`chmod 0640 ${file}`);
    }
  });

  it('is refused where it is another user’s, no file, or holds no token', () => {
    write(TOKEN, 0o600);
    if (process.getuid?.() === 0) {
      chownSync(file, 12_345, 0);
      expect(() => readToken(file)).to.throw('uid 12345');
    }
    for (const text of ['', 'short', `${TOKEN}\n${TOKEN}`, `two words ${TOKEN}`, 'x'.repeat(513)]) {
      write(text, 0o600);
      chownSync(file, process.getuid?.() ?? 0, process.getgid?.() ?? 0);
      expect(() => readToken(file), text).to.throw('holds no token');
    }
    expect(() => readToken(directory)).to.throw('no regular file');
    expect(() => readToken(join(directory, 'none'))).to.throw('cannot be read');
    symlinkSync('/dev/zero', join(directory, 'endless'));
    expect(() => readToken(join(directory, 'endless'))).to.throw('no regular file');
  });
});
