/*
 * A daemon in miniature that has settings in force on one guest, says so, and then waits to be killed. Arguments:
 * STATE-DIRECTORY SLICE PID SETTINGS (as JSON).
 */
import type { GuestSetting } from '../../../../src/enforce/host.js';
import { LinuxHost } from '../../../../src/enforce/linux/linux-host.js';
import { GuestScanner } from '../../../../src/qemu/guest-scanner.js';

const [stateDirectory = '', sliceName = '', pid = '', settings = '[]'] = process.argv.slice(2);
const scanner = new GuestScanner();
const host = new LinuxHost({
  stateDirectory,
  sliceName,
  scan: async () => (await scanner.scan()).filter((guest) => `${guest.pid}` === pid),
  onEvent: (message) => console.log(`event: ${message}`),
});

await host.start();
const [observed] = (await host.observe()).guests;
if (!observed) throw new Error(`there is no guest ${pid}`);
for (const setting of JSON.parse(settings) as GuestSetting[]) {
  const outcome = await host.act({ kind: 'set-knob', guest: observed.guest.key, setting });
  if (!outcome.ok) throw new Error(`${setting.knob}: ${outcome.message}`);
}
console.log('set');
setInterval(() => void host.observe(), 1000);
