import { existsSync } from 'node:fs';
import { CounterFile } from './counter-file.js';
import { namesIn, textOf } from './listing.js';
import type { Report } from './report.js';

interface Interface {
  readonly received: CounterFile;
  readonly sent: CounterFile;
}

/**
 * `host.network.in` and `.out`: bytes per second over all interfaces through which the host is reached. The sample in which
 * one of them comes, goes or begins to count anew is a gap: what it carried in it is not known.
 */
export class NetworkSensor {
  readonly #directory: string;
  readonly #interfaces = new Map<string, Interface>();

  /** `root` is where /sys is found. Opens nothing yet: {@link refresh} does. */
  constructor(root = '/sys') {
    this.#directory = `${root}/class/net`;
  }

  /** Looks which interfaces there are now; to be called before the first sample, and now and then. */
  refresh(): void {
    const present = new Set(interfacesIn(this.#directory));
    for (const [name, one] of this.#interfaces) if (!present.has(name)) this.#drop(name, one);
    for (const name of present) {
      if (this.#interfaces.has(name)) continue;
      const received = CounterFile.open(`${this.#directory}/${name}/statistics/rx_bytes`);
      const sent = CounterFile.open(`${this.#directory}/${name}/statistics/tx_bytes`);
      if (received !== null && sent !== null) this.#interfaces.set(name, { received, sent });
      else for (const file of [received, sent]) file?.close();
    }
  }

  sample(atNs: bigint, report: Report): void {
    let [received, sent, known] = [0, 0, this.#interfaces.size > 0];
    for (const [name, one] of this.#interfaces) {
      const [more, out] = [one.received.read(atNs), one.sent.read(atNs)];
      if (more === 'gone' || out === 'gone') this.#drop(name, one);
      if (typeof more !== 'number' || typeof out !== 'number') known = false;
      else {
        received += more;
        sent += out;
      }
    }
    if (!known) return;
    report('host.network.in', received);
    report('host.network.out', sent);
  }

  close(): void {
    for (const [name, one] of this.#interfaces) this.#drop(name, one);
  }

  #drop(name: string, { received, sent }: Interface): void {
    received.close();
    sent.close();
    this.#interfaces.delete(name);
  }
}

/**
 * Names of the interfaces below /sys/class/net that have hardware, or a hypervisor, behind them; in a container, which has no
 * such, those whose other end is elsewhere (veth, macvlan). Bridges, bonds, taps and tunnels carry the same bytes once more.
 */
export function interfacesIn(directory: string): readonly string[] {
  const names = namesIn(directory);
  const real = names.filter((name) => existsSync(`${directory}/${name}/device`));
  return real.length > 0 ? real : names.filter((name) => isLinked(`${directory}/${name}`));
}

function isLinked(path: string): boolean {
  const [link, own] = [textOf(`${path}/iflink`), textOf(`${path}/ifindex`)];
  return link !== '' && link !== own && !existsSync(`${path}/tun_flags`);
}
