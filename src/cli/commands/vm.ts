import type { Guest } from '../../qemu/index.js';
import { visible } from '../../support/terminal-text.js';
import type { Command, CommandResult } from '../command.js';
import { refusal, usageError } from '../command-error.js';
import { ExitCode } from '../exit-code.js';
import { renderTable } from '../render/table.js';

type Action = 'list' | 'stop' | 'cont' | 'info';

/** `vmc vm list|stop|cont|info`: the running guests, and what their monitors do for us. */
export const vmCommand: Command<{ action: Action; guest: string | undefined }> = {
  usage: 'vm <action> [guest]',
  describe: 'List the running guests; pause, continue or describe one through its monitor (QMP).',
  positionals: {
    action: { describe: 'what to do', choices: ['list', 'stop', 'cont', 'info'] },
    guest: { describe: 'by name, pid, uuid or key' },
  },
  options: {},
  examples: [
    ['$0 vm list', 'every QEMU process of this host'],
    ['$0 vm stop build-1', 'its virtual CPUs pause, QEMU itself goes on'],
  ],
  run: async ({ action, guest }) => {
    const { scanGuests } = await import('../../qemu/index.js');
    const guests = await scanGuests();
    if (action === 'list') {
      if (guest !== undefined) throw usageError(`'vm list' takes no guest`);
      return { exitCode: ExitCode.done, json: { guests: guests.map(summary) }, text: guestTable(guests) };
    }
    return act(action, await choose(guests, guest));
  },
};

async function choose(guests: readonly Guest[], selector: string | undefined): Promise<Guest> {
  if (selector === undefined) throw usageError('which guest?', "'vmc vm list' names them");
  const { selectGuests } = await import('../../qemu/index.js');
  const [found, another] = selectGuests(guests, selector);
  if (!found) throw refusal('NO_GUEST', `no running guest is called ${selector}`, "'vmc vm list' names them");
  if (another) throw refusal('AMBIGUOUS', `several guests are called ${selector}`, 'use a pid');
  return found;
}

async function act(action: Exclude<Action, 'list'>, guest: Guest): Promise<CommandResult> {
  const { vmInfo, stopVm, contVm, QmpError } = await import('../../qemu/index.js');
  try {
    if (action === 'stop') await stopVm(guest);
    else if (action === 'cont') await contVm(guest);
    const info = await vmInfo(guest);
    const json = { ...summary(guest), ...info };
    const text = `${visible(guest.name ?? guest.key)}: ${info.status}, ${info.cpus} vCPUs, QEMU ${info.version}`;
    return { exitCode: ExitCode.done, json, text };
  } catch (error) {
    if (error instanceof QmpError) throw refusal('QMP', `${guest.name ?? guest.key}: ${error.message}`);
    throw error;
  }
}

const summary = ({ key, pid, name, uuid, user, unit, cgroup, vcpus, vcpuSource, stopped }: Guest) => ({
  key,
  pid,
  name,
  uuid,
  user,
  unit,
  cgroup,
  vcpus: vcpus.length,
  vcpuSource,
  stopped,
});

function guestTable(guests: readonly Guest[]): string {
  if (guests.length === 0) return 'no guests are running';
  const rows = guests.map(({ name, pid, user, vcpus, stopped, cgroup }) => [
    visible(name ?? '-'),
    String(pid),
    user,
    String(vcpus.length),
    stopped ? 'stopped' : 'running',
    cgroup,
  ]);
  return renderTable(['guest', 'pid', 'user', 'vCPUs', 'state', 'cgroup'], rows);
}
