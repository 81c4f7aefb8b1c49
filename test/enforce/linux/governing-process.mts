/*
 * A daemon in miniature for the tests of the guardian: takes one reservation, one group and one duty cycle on guests
 * that it is told of, says so, and then waits to be killed. Arguments: STATE-DIRECTORY SLICE PID…
 */
import { LinuxHost } from '../../../src/enforce/linux/linux-host.js';
import { GuestScanner } from '../../../src/qemu/guest-scanner.js';

const MS = 1_000_000n;
const [stateDirectory = '', sliceName = '', ...pids] = process.argv.slice(2);
/** Of the duty cycle, of which it runs a fifth. */
const CYCLE_NS = BigInt(process.env['CYCLE_MS'] ?? 100) * MS;
const scanner = new GuestScanner();
const host = new LinuxHost({
  stateDirectory,
  sliceName,
  scan: async () => (await scanner.scan()).filter((guest) => pids.includes(`${guest.pid}`)),
  onEvent: (message) => console.log(`event: ${message}`),
});

async function govern(): Promise<void> {
  const { guests } = await host.observe();
  const [reserved, cycled] = guests;
  if (!reserved || !cycled) throw new Error('two guests are needed');
  const tid = reserved.guest.vcpus[0]?.tid ?? 0;
  const server = { guest: reserved.guest.key, budgetNs: 20n * MS, periodNs: 100n * MS, core: 0 };
  const actions = [
    { kind: 'create-group', path: ['gold'] },
    { kind: 'set-weight', path: ['gold'], weight: 512 },
    { kind: 'gather', guest: cycled.guest.key, path: ['gold'] },
    { kind: 'reserve', ...server, tid },
    { kind: 'reserve', ...server, tid: reserved.guest.pid, budgetNs: MS },
    {
      kind: 'set-timetable',
      timetable: {
        hyperperiodNs: CYCLE_NS,
        entries: [
          {
            guest: cycled.guest.key,
            windows: [{ startNs: 0n, endNs: CYCLE_NS / 5n }],
            by: cycled.guest.hasTerminal ? 'freezer' : 'signal',
          },
        ],
      },
    },
  ] as const;
  for (const action of actions) {
    const outcome = await host.act(action);
    if (!outcome.ok) throw new Error(`${action.kind}: ${outcome.message}`);
  }
}

await host.start();
await govern();
console.log('governing');
setInterval(() => {
  // A guardian that gave everything back has been replaced: govern again, as the daemon's reconciler does, which tries
  // again what fails while that is going on.
  govern().then(
    () => console.log('governing'),
    (error: unknown) => console.log(`not yet: ${String(error)}`),
  );
}, 1000);
process.on('SIGTERM', () => {
  void host.stop().then(() => process.exit(0));
});
