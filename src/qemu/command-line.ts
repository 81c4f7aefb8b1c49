import { isOn, parseOptionString } from './option-string.js';

/** What vmc reads from a QEMU process's command line: claims by whoever started it. */
export interface QemuArguments {
  /** `guest=` of `-name`; null without one. */
  readonly name: string | null;
  readonly uuid: string | null;
  /** Virtual CPUs at boot by `-smp`; null where that depends on QEMU's machine type. */
  readonly cpus: number | null;
  /** Paths, as written, of unix sockets on which a QMP monitor listens. */
  readonly monitorPaths: readonly string[];
}

/** Options of QEMU, of 2.0 to 10, that take no argument; every other one takes the word after it. */
const FLAGS: ReadonlySet<string> = new Set(
  `S s h help version async-teardown audio-help daemonize enable-kvm enable-hax enable-fips full-screen
   enable-sync-profile mem-prealloc no-acpi no-fd-bootchk no-hpet no-reboot no-shutdown no-user-config
   nodefaults nodefconfig nographic only-migratable portrait preconfig singlestep snapshot usb win2k-hack
   xen-attach xen-domid-restrict xen-create alt-grab ctrl-grab no-frame no-quit sdl curses show-cursor
   rtc-td-hack tdf semihosting old-param localtime std-vga no-kvm no-kvm-irqchip no-kvm-pit
   no-kvm-pit-reinjection`.split(/\s+/),
);

interface OptionWord {
  readonly option: string;
  readonly value: string;
}

/** Reads the words of a command line, its program first; never fails, as anybody can have written it. */
export function parseQemuArguments(commandLine: readonly string[]): QemuArguments {
  const words = readOptions(commandLine);
  const merged = (option: string, impliedKey: string) =>
    new Map(valuesOf(words, option).flatMap((value) => [...parseOptionString(value, impliedKey)]));
  return {
    name: merged('name', 'guest').get('guest') ?? null,
    uuid: valuesOf(words, 'uuid').at(-1) ?? null,
    cpus: bootCpus(merged('smp', 'cpus')),
    monitorPaths: monitorPaths(words),
  };
}

/**
 * Kinds of the network backends that a guest was started with ("tap", "user", "bridge", …), each once; QEMU gives a guest of
 * which nothing is said one in user mode.
 */
export function networkBackends(commandLine: readonly string[]): readonly string[] {
  const words = readOptions(commandLine);
  const values = ['netdev', 'nic', 'net'].flatMap((option) => valuesOf(words, option));
  if (values.length === 0) return commandLine.some((word) => /^--?nodefaults$/.test(word)) ? [] : ['user'];
  const kinds = values.map((value) =>
    value.startsWith('{') ? jsonMember(value, 'type') : parseOptionString(value, 'type').get('type'),
  );
  // `-net nic` is the guest's side of a network.
  return [
    ...new Set(kinds.filter((kind) => kind !== undefined && kind !== 'nic' && kind !== 'none')),
  ] as string[];
}

/** Paths, as written, of unix sockets to which QEMU connects a guest agent (the virtio port that is named after it). */
export function agentPaths(commandLine: readonly string[]): readonly string[] {
  const words = readOptions(commandLine);
  const ports = valuesOf(words, 'device').map((value) => parseOptionString(value, 'driver'));
  const wanted = new Set(
    ports.filter((port) => port.get('name') === AGENT_PORT).map((port) => port.get('chardev') ?? ''),
  );
  const paths = valuesOf(words, 'chardev')
    .map((value) => parseOptionString(value, 'backend'))
    .filter((device) => device.get('backend') === 'socket' && wanted.has(device.get('id') ?? ''))
    .map(listeningPath);
  return [...new Set(paths.filter((path) => path !== null))];
}

const AGENT_PORT = 'org.qemu.guest_agent.0';

function readOptions(commandLine: readonly string[]): readonly OptionWord[] {
  const words: OptionWord[] = [];
  for (let at = 1; at < commandLine.length; at++) {
    // Words without a dash name disk images. One dash or two are the same to QEMU.
    const option = /^--?(.+)$/s.exec(commandLine[at] ?? '')?.[1];
    if (option === undefined || FLAGS.has(option)) continue;
    at += 1;
    words.push({ option, value: commandLine[at] ?? '' });
  }
  return words;
}

const valuesOf = (words: readonly OptionWord[], option: string): readonly string[] =>
  words.filter((word) => word.option === option).map((word) => word.value);

function bootCpus(smp: ReadonlyMap<string, string>): number | null {
  if (smp.has('cpus')) return count(smp.get('cpus'));
  const topology = ['sockets', 'dies', 'clusters', 'cores', 'threads'].filter((level) => smp.has(level));
  if (topology.length === 0) return smp.size === 0 ? 1 : count(smp.get('maxcpus'));
  return topology.reduce<number | null>((product, level) => {
    const factor = count(smp.get(level));
    return product === null || factor === null ? null : product * factor;
  }, 1);
}

/** QEMU takes C's notation for numbers; a machine has no more than 4096 CPUs. */
function count(text: string | undefined): number | null {
  const value = /^(?:0x[0-9a-f]+|[1-9]\d*)$/i.test(text ?? '') ? Number(text) : Number.NaN;
  return value >= 1 && value <= 4096 ? value : null;
}

function monitorPaths(words: readonly OptionWord[]): readonly string[] {
  const devices = [...valuesOf(words, 'qmp'), ...valuesOf(words, 'qmp-pretty')];
  const direct = devices.filter((device) => device.startsWith('unix:')).map((device) => device.slice(5));
  const paths = direct.map((device) => listeningPath(parseOptionString(device, 'path')));
  const wanted = new Set([
    ...devices.filter((device) => device.startsWith('chardev:')).map((device) => device.slice(8)),
    ...valuesOf(words, 'mon')
      .map((value) => parseOptionString(value, 'chardev'))
      .filter((options) => options.get('mode') === 'control')
      .map((options) => options.get('chardev') ?? ''),
  ]);
  // Words of a command line are anyone's, and may be very many.
  let ofLibvirt: string | null | undefined;
  for (const device of valuesOf(words, 'chardev').map((value) => parseOptionString(value, 'backend'))) {
    if (device.get('backend') !== 'socket' || !wanted.has(device.get('id') ?? '')) continue;
    if (device.has('fd') && ofLibvirt === undefined) ofLibvirt = libvirtPath(words);
    paths.push(device.has('fd') ? (ofLibvirt ?? null) : listeningPath(device));
  }
  return [...new Set(paths.filter((path) => path !== null))];
}

/** Null for a socket to which QEMU is the client, and for one outside the file system. */
function listeningPath(options: ReadonlyMap<string, string>): string | null {
  const path = options.get('path');
  return path !== undefined && isOn(options, 'server') && !isOn(options, 'abstract') ? path : null;
}

/**
 * libvirt opens the monitor's socket itself and hands it over as a descriptor. It lies beside the key file
 * for the guest's secrets, which is on the command line, as `-object` in QEMU's own syntax or in JSON.
 */
function libvirtPath(words: readonly OptionWord[]): string | null {
  for (const object of valuesOf(words, 'object')) {
    const file = object.startsWith('{')
      ? jsonMember(object, 'file')
      : parseOptionString(object, 'qom-type').get('file');
    const directory = /^(\/.*\/domain-[^/]+)\/master-key\.aes$/s.exec(file ?? '')?.[1];
    if (directory !== undefined) return `${directory}/monitor.sock`;
  }
  return null;
}

function jsonMember(text: string, name: string): string | undefined {
  try {
    const { [name]: value } = JSON.parse(text) as { readonly [name: string]: unknown };
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
