import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { connect } from '../../src/api/client.js';
import { isAlive, listenOnSocket, SocketInUseError } from '../../src/api/listening-socket.js';
import { socketPath } from '../../src/api/socket-path.js';

describe('the unix socket of the daemon', () => {
  let directory: string;
  let path: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-socket-'));
    path = join(directory, 'vmcd.sock');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  it('is where the environment says, else root’s or the user’s', () => {
    expect(socketPath({ VMC_SOCKET: '/x/y' }, 0)).to.equal('/x/y');
    expect(socketPath({}, 0)).to.equal('/run/vmc/vmcd.sock');
    expect(socketPath({ XDG_RUNTIME_DIR: '/run/user/7' }, 7)).to.equal('/run/user/7/vmc/vmcd.sock');
    expect(socketPath({}, 7)).to.match(/vmc-7\/vmc\/vmcd\.sock$/);
  });

  it('is refused while another daemon listens on it', async () => {
    const [first, second] = [createHttpServer(), createHttpServer()];
    await listenOnSocket(first, path);
    try {
      const failure = await listenOnSocket(second, path).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(SocketInUseError);
      expect(await isAlive(path)).to.equal(true);
    } finally {
      first.close();
    }
  });

  it('is replaced when the daemon that made it was killed', async () => {
    const script = `require('net').createServer().listen(${JSON.stringify(path)}, () => process.kill(process.pid, 'SIGKILL'))`;
    spawnSync(process.execPath, ['-e', script]);
    expect(existsSync(path)).to.equal(true);
    expect(await isAlive(path)).to.equal(false);
    const server = createHttpServer();
    await listenOnSocket(server, path);
    expect(await isAlive(path)).to.equal(true);
    server.close();
  });

  it('says where it looked when nobody listens', async () => {
    const failure = await connect({ socket: path })
      .status()
      .catch((error: unknown) => error);
    expect(failure).to.deep.include({ code: 'NO_DAEMON', message: `no daemon listens on ${path}` });
  });
});
