import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Action } from '../../../../src/enforce/host.js';
import { LinuxHost } from '../../../../src/enforce/linux/linux-host.js';
import { GuestScanner } from '../../../../src/qemu/guest-scanner.js';
import { MS } from './machine.js';

/* The real host governing one guest, found as any daemon finds it, until it is told to stop or killed. */

const [stateDirectory = '', guestName = '', reportFile = ''] = process.argv.slice(2);
const events: string[] = [];
const scanner = new GuestScanner({ monitorBudgetMs: 10_000 });
const host = new LinuxHost({
  stateDirectory,
  scan: () => scanner.scan(),
  onEvent: (message) => events.push(message),
});

async function act(action: Action): Promise<void> {
  const outcome = await host.act(action);
  if (!outcome.ok) throw new Error(`${action.kind}: ${outcome.code} ${outcome.message}`);
}

const reserved = { budgetNs: 20n * MS, periodNs: 100n * MS, core: 1 };

async function govern(): Promise<object> {
  const found = (await host.observe()).guests.find(({ guest }) => guest.name === guestName);
  if (found === undefined) throw new Error(`no guest ${guestName} was found`);
  const { key, vcpus, vcpuSource } = found.guest;
  const path = ['class', key];
  await act({ kind: 'create-group', path: ['class'] });
  await act({ kind: 'create-group', path });
  await act({ kind: 'gather', guest: key, path });
  await act({ kind: 'set-weight', path, weight: 300 });
  await act({ kind: 'set-quota', path, quota: { quotaNs: 60n * MS, periodNs: 100n * MS } });
  const tid = vcpus[0]?.tid ?? 0;
  await act({ kind: 'reserve', guest: key, tid, ...reserved });
  const after = await host.observe();
  const governed = after.guests.find(({ guest }) => guest.key === key);
  const server = governed?.servers.get(tid);
  if (server?.core !== reserved.core) throw new Error('the guardian gave back what was just taken');
  return {
    vcpuSource,
    vcpuCount: vcpus.length,
    group: governed?.group?.[0],
    server: { budgetMs: Number(server.budgetNs / MS), core: server.core },
    groups: after.groups.map(({ path: names, weight, quota }) => ({
      depth: names.length,
      weight,
      quotaMs: quota && Number(quota.quotaNs / MS),
    })),
  };
}

/** As a daemon does: again, when the guardian took a moment's standstill for its end and gave everything back. */
async function governPatiently(): Promise<object> {
  for (;;) {
    try {
      return await govern();
    } catch (error) {
      console.error(error, events);
      await delay(200);
    }
  }
}

await host.start();
writeFileSync(reportFile, JSON.stringify(await governPatiently()));
process.once('SIGTERM', () => void host.stop().then(() => process.exit(0)));
setInterval(() => {}, 1000);
