import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Daemon } from '../../../src/api/daemon.js';
import { createLog } from '../../../src/api/log.js';
import { parseTcpAddress } from '../../../src/api/tcp-address.js';
import { SimulatedHost } from '../../../src/enforce/index.js';
import { FACTS } from '../../enforce/support/plans.js';
import { PLANS_AT_ONCE } from '../plans-at-once.js';

/*
 * A daemon on a simulated host, in the network namespace in which it is started: socket, address to listen on, token file, and the
 * address of a daemon to which it has a flow. It says what it logs, until it is ended.
 */

const [socket = '', listen = '', tokenFile = '', peer = ''] = process.argv.slice(2);
const directory = mkdtempSync(join(tmpdir(), 'vmc-flow-daemon-'));
const file = join(directory, 'policy.vmc');
writeFileSync(file, 'vm batch { match name "batch" vcpus 1 }\n');
const addressOf = (text: string) => parseTcpAddress(text) ?? { host: '', port: 0 };
const daemon = new Daemon({
  file,
  socket,
  plans: PLANS_AT_ONCE,
  host: new SimulatedHost({ facts: FACTS }),
  tcp: { address: addressOf(listen), tokenFile },
  flows: { flows: [{ name: 'lab', address: addressOf(peer) }], tokenFile },
  log: createLog({ write: (line) => void process.stdout.write(line) }),
});
process.once('SIGTERM', () => void daemon.stop());
await daemon.start();
await daemon.ended;
rmSync(directory, { recursive: true, force: true });
