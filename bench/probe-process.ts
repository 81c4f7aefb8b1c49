import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** What runs in the process: it uses so much CPU time and says how long that took by the clock. */
const SOURCE = `
process.on('message', (cpuUs) => {
  const from = process.hrtime.bigint();
  const before = process.cpuUsage();
  for (;;) {
    const { user, system } = process.cpuUsage(before);
    if (user + system >= cpuUs) break;
    const until = performance.now() + Math.min(1, (cpuUs - user - system) / 1000);
    while (performance.now() < until);
  }
  process.send(Number(process.hrtime.bigint() - from));
});
process.send(0);
`;

const WARM_UP_NS = 300e6;

/** An ordinary process of the owner's that does compute-bound work when it is told to, and sleeps else. */
export class ProbeProcess {
  #child: ChildProcess | null = null;

  async start(): Promise<void> {
    const command = ['--pdeathsig', 'KILL', '--', process.execPath, '-e', SOURCE];
    this.#child = spawn('setpriv', command, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    await once(this.#child, 'message');
    // What compiles the loop works beside it, and is done after a while.
    await this.run(WARM_UP_NS);
  }

  /** How long `workNs` of CPU time take, ns. */
  async run(workNs: number): Promise<number> {
    if (this.#child === null) throw new Error('the probe does not run');
    const answer = once(this.#child, 'message');
    this.#child.send(workNs / 1000);
    const [tookNs] = (await answer) as [number];
    return tookNs;
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }
}
