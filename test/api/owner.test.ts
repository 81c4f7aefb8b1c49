import { spawn } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { skipBecause } from '../support/skip-because.js';
import { type Serving, startServing } from './serving.js';

/** Prints the HTTP status of each request, sent by another user. */
const SCRIPT = `
const [socketPath] = process.argv.slice(1);
const ask = (method, path, body) => new Promise((resolve) => {
  const headers = body ? { 'content-type': 'application/json' } : {};
  require('http').request({ socketPath, method, path, headers }, (r) => { r.resume(); resolve(r.statusCode); })
    .on('error', (error) => resolve(error.code)).end(body);
});
(async () => console.log(JSON.stringify([
  await ask('GET', '/v1/status'),
  await ask('PUT', '/v1/signals/gaming', '{"value":true}'),
  await ask('POST', '/v1/release'),
])))();`;

const NOBODY = '65534';

describe('changes over the socket', () => {
  let serving: Serving;
  before(function () {
    if (process.getuid?.() !== 0) skipBecause(this, 'needs root, to be another user');
  });
  beforeEach(async () => {
    serving = await startServing();
  });
  afterEach(() => serving.stop());

  async function askAsNobody(): Promise<unknown> {
    const as = [
      '--reuid',
      NOBODY,
      '--regid',
      NOBODY,
      '--clear-groups',
      process.execPath,
      '-e',
      SCRIPT,
      serving.socket,
    ];
    const child = spawn('setpriv', as, { stdio: ['ignore', 'pipe', 'inherit'], cwd: '/' });
    return JSON.parse(await text(child.stdout));
  }

  const open = (socketMode: number) => {
    for (const directory of [dirname(serving.socket), dirname(dirname(serving.socket))])
      chmodSync(directory, 0o755);
    chmodSync(serving.socket, socketMode);
  };

  it('are the owner’s: whoever else may connect may only read', async () => {
    open(0o666);
    expect(await askAsNobody()).to.deep.equal([200, 403, 403]);
    expect(serving.services.changes).to.deep.equal([]);
  });

  it('are out of reach, like reading, for users outside the group', async () => {
    open(0o660);
    expect(await askAsNobody()).to.deep.equal(['EACCES', 'EACCES', 'EACCES']);
  });
});
