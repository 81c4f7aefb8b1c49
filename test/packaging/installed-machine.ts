import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import type { Status } from '../../src/enforce/status.js';
import { until } from '../support/guests/until.js';
import type { CommandResult } from '../support/test-host/agent-link.js';
import type { FileSource } from '../support/test-host/project-disk.js';
import type { TestHost } from '../support/test-host/test-host.js';

/** Of guests: where they are and how they are set, by the files of the kernel; and what their managers say. */
export type MachineState = Readonly<Record<string, string>>;
export type WantedState = Readonly<Record<string, string | RegExp>>;

const PATIENCE_MS = 60_000;
const STEP_MS = 300;
/** Switched off to all intents: interrupts masked, halted, and again. */
const HALTED = Uint8Array.from({ length: 512 }, (_, at) => [0xfa, 0xf4, 0xeb, 0xfc][at] ?? 0);
HALTED.set([0x55, 0xaa], 510);

const qemu = (name: string): string =>
  [
    `/usr/bin/qemu-system-x86_64 -name guest=${name},debug-threads=on -pidfile /tmp/${name}.pid`,
    '-machine pc -m 16M -accel tcg,thread=multi -nodefaults -no-user-config -display none',
    `-drive file=/tmp/${name}.img,format=raw,if=ide`,
  ].join(' ');

const DOMAIN = `
<domain type='qemu'>
  <name>domain</name> <memory unit='MiB'>16</memory> <vcpu>1</vcpu>
  <os> <type arch='x86_64' machine='pc'>hvm</type> </os>
  <devices>
    <emulator>/usr/bin/qemu-system-x86_64</emulator>
    <disk type='file' device='disk'>
      <driver name='qemu' type='raw'/> <source file='/tmp/domain.img'/> <target dev='hda' bus='ide'/>
    </disk>
    <controller type='usb' model='none'/> <memballoon model='none'/>
  </devices>
</domain>
`;

/** What {@link InstalledMachine} finds at /project, beside the packages. */
export const MACHINE_FILES: Readonly<Record<string, FileSource>> = {
  'halted.img': HALTED,
  'domain.xml': DOMAIN,
  'served.service': `[Service]\nExecStart=${qemu('served')}\nCPUWeight=50\n`,
  'byhand.sh': `exec ${qemu('byhand')}\n`,
  // There is no journal, and the console is a device that the unit may not open.
  'log.conf': '[Service]\nStandardOutput=append:/tmp/vmcd.log\nStandardError=append:/tmp/vmcd.log\n',
};

const START_GUESTS = `
  set -e
  for name in served domain byhand; do cp /project/halted.img /tmp/$name.img; done
  cp /project/served.service /etc/systemd/system/
  systemctl daemon-reload
  systemctl start served libvirtd
  virsh --quiet --connect qemu:///system create /project/domain.xml
  setsid sh /project/byhand.sh </dev/null >/dev/null 2>&1 &
  for name in served byhand; do until [ -s /tmp/$name.pid ]; do sleep 0.1; done; done
`;

/** One `key=value` a line, by what the shell can do itself: each process costs the emulated machine some 10 ms. */
const FILES = `
  say() { printf '%s\\n' "$1"; }
  guest() {
    name=$1
    read -r pid <"$2"
    read -r group <"/proc/$pid/cgroup"
    read -r stat <"/proc/$pid/stat"
    set -- $stat
    say "$name.process=$pid \${22}"; say "$name.group=\${group#0::}"
    case $3 in [Tt]) say "$name.stopped=yes";; *) say "$name.stopped=no";; esac
    while read -r key value; do
      case $key in Cpus_allowed_list:) say "$name.cores=$value";; esac
    done <"/proc/$pid/status"
  }
  settings() { read -r weight <"$2/cpu.weight"; read -r quota <"$3/cpu.max"; say "$1.weight=$weight"; say "$1.quota=$quota"; }
  guest served /tmp/served.pid
  guest domain /run/libvirt/qemu/domain.pid
  guest byhand /tmp/byhand.pid
  cd /sys/fs/cgroup
  settings served system.slice/served.service system.slice/served.service
  for scope in machine.slice/machine-qemu*.scope; do settings domain "$scope" "$scope/libvirt"; done
  class=vmc.slice/vmc-guests.scope/vmc-byhand
  if [ -d $class ]; then settings byhand $class $class; fi
  slice=100
  if [ -f vmc.slice/cpu.weight ]; then read -r slice <vmc.slice/cpu.weight; fi
  say "slice.weight=$slice"
  ours=
  for group in vmc.slice/* vmc.slice/vmc-guests.scope/*; do if [ -d "$group" ]; then ours="$ours $group"; fi; done
  say "ours=$ours"
`;

const MANAGERS = `
  printf '%s\\n' "served.properties=$(systemctl show served --property CPUWeight,CPUQuotaPerSecUSec,CPUQuotaPeriodUSec | tr '\\n' ' ')"
  printf '%s\\n' "domain.schedule=$(virsh --quiet --connect qemu:///system schedinfo domain | grep -E 'cpu_shares|global' | tr -s ' \\n' ' ')"
`;

/** A machine with three guests: a service of systemd's, a domain of libvirt's, and one that was started by hand. */
export class InstalledMachine {
  constructor(private readonly host: TestHost) {}

  /** Runs a program; its exit code has to be 0. Its standard output. */
  async run(...argv: readonly string[]): Promise<string> {
    const { stdout, stderr, exitCode } = await this.host.run(argv);
    expect(exitCode, `${argv.join(' ')}\n${stdout}${stderr}`).to.equal(0);
    return stdout;
  }

  sh(script: string): Promise<string> {
    return this.run('sh', '-c', script);
  }

  /** As the user `guest`, with the groups that it is a member of or with none. */
  as(groups: '--init-groups' | '--clear-groups', ...argv: readonly string[]): Promise<CommandResult> {
    return this.host.run(['setpriv', '--reuid', 'guest', '--regid', 'guest', groups, ...argv]);
  }

  async startGuests(): Promise<void> {
    await this.sh(START_GUESTS);
  }

  /** Of the unit of the daemon, while the test lasts. */
  async dropIn(name: string, content: string): Promise<void> {
    const directory = '/run/systemd/system/vmcd.service.d';
    await this.sh(
      `mkdir -p ${directory}; printf '${content}' >${directory}/${name}; systemctl daemon-reload`,
    );
  }

  async removeDropIn(name: string): Promise<void> {
    await this.sh(`rm /run/systemd/system/vmcd.service.d/${name}; systemctl daemon-reload`);
  }

  /** By files alone: quick. */
  async files(): Promise<MachineState> {
    return parse(await this.sh(FILES));
  }

  async state(): Promise<MachineState> {
    return parse(await this.sh(`${FILES}${MANAGERS}`));
  }

  /** Until the files say so: all that they say then. */
  async untilFiles(what: string, wanted: WantedState): Promise<MachineState> {
    let last: MachineState = {};
    const holds = async () => {
      last = await this.files();
      return Object.keys(wanted).every((key) => isAs(wanted[key] ?? '', last[key] ?? ''));
    };
    await patiently(holds).catch(async () => {
      const log = await this.sh('tail -n 20 /tmp/vmcd.log');
      const others = Object.keys(wanted).filter((key) => !isAs(wanted[key] ?? '', last[key] ?? ''));
      const found = others.map((key) => `${key} is ${last[key]}, not ${wanted[key]}`);
      expect.fail(`${what}: ${found.join('; ')}\n${log}`);
    });
    return last;
  }

  async untilUnitIs(state: 'active' | 'failed' | 'inactive'): Promise<void> {
    const ask = () => this.host.run(['systemctl', 'is-active', 'vmcd']);
    await patiently(async () => (await ask()).stdout.trim() === state);
  }

  async untilLogged(words: string): Promise<void> {
    await patiently(async () => (await this.sh('cat /tmp/vmcd.log')).includes(words));
  }

  /** The status that a member of the daemon's group sees, once it `holds`; the last one where it does not in time. */
  async memberStatus(holds: (status: Status) => boolean): Promise<Status> {
    let last: Status | undefined;
    const ask = async () => {
      const { exitCode, stdout } = await this.as('--init-groups', 'vmc', 'status', '--format', 'json');
      if (exitCode === 0) last = JSON.parse(stdout) as Status;
      return last !== undefined && holds(last);
    };
    await patiently(ask).catch(() => {});
    if (last === undefined) throw new Error('the daemon never answered a member of its group');
    return last;
  }
}

const isAs = (wanted: string | RegExp, found: string): boolean =>
  typeof wanted === 'string' ? wanted === found : wanted.test(found);

/** Asking takes the machine's time, too. */
const patiently = <T>(ask: () => Promise<T>) =>
  until(async () => {
    const answer = await ask();
    if (!answer) await delay(STEP_MS);
    return answer;
  }, PATIENCE_MS);

const parse = (text: string): MachineState =>
  Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1).trim()]),
  );
