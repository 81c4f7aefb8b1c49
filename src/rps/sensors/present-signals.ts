import { existsSync } from 'node:fs';
import { disksIn } from './disk-sensor.js';
import { InputDevices } from './input-devices.js';
import { namesIn } from './listing.js';
import { interfacesIn } from './network-sensor.js';
import { batteriesIn } from './power-sensor.js';
import { thermometersIn } from './temperature-sensor.js';

/** Signals of the host that can be sensed here, by this user; those of guests and classes always can. */
export function presentSignals(procRoot = '/proc', sysRoot = '/sys', devRoot = '/dev'): readonly string[] {
  const found = ['host.cpu', 'host.load', 'host.memory.available', 'guests.cpu', 'owner.cpu'];
  const add = (isThere: boolean, ...signals: readonly string[]) => {
    if (isThere) found.push(...signals);
  };
  add(existsSync(`${procRoot}/self/schedstat`), 'owner.demand', 'owner.threads');
  for (const resource of ['cpu', 'memory', 'io']) {
    add(existsSync(`${procRoot}/pressure/${resource}`), `host.pressure.${resource}`);
  }
  // A host without a battery is never on it.
  found.push('host.on-battery');
  add(batteriesIn(`${sysRoot}/class/power_supply`).length > 0, 'host.battery');
  add(thermometersIn(sysRoot).length > 0, 'host.temperature');
  add(disksIn(`${sysRoot}/block`).length > 0, 'host.disk.busy');
  add(interfacesIn(`${sysRoot}/class/net`).length > 0, 'host.network.in', 'host.network.out');
  add(canSeeUser(procRoot, devRoot), 'user.active', 'user.idle');
  return found;
}

/** There are keyboards or terminals to look at, and none that may not be. */
function canSeeUser(procRoot: string, devRoot: string): boolean {
  const devices = new InputDevices(procRoot, devRoot);
  devices.refresh();
  devices.close();
  return !devices.isBlind && (namesIn(`${devRoot}/pts`).length > 0 || namesIn(`${devRoot}/input`).length > 0);
}
