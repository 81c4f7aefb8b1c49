import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * A folder that looks like /proc, with the files that the sensors read. Times are in ticks or nanoseconds as
 * there.
 */
export class FakeProc {
  readonly root = mkdtempSync(join(tmpdir(), 'vmc-proc-'));

  /** Replaces the content in place: open descriptors see it, as those of /proc do. */
  write(path: string, content: string): void {
    const full = join(this.root, path);
    mkdirSync(dirname(full), { recursive: true });
    writeFileSync(full, content);
  }

  remove(path: string): void {
    rmSync(join(this.root, path), { recursive: true, force: true });
  }

  /** `idle`, `ioWait` and `steal` are sums over the processors. */
  processors(count: number, idle: number, ioWait = 0, steal = 0): void {
    const lines = Array.from({ length: count }, (_, i) => `cpu${i} 1 2 3 4 5 6 7 8 0 0`);
    this.write(
      'stat',
      `cpu  100 2 30 ${idle} ${ioWait} 6 7 ${steal} 0 0\n${lines.join('\n')}\nintr 1 2 3\nctxt 1\n`,
    );
  }

  runQueue(runnable: number, lastId: number): void {
    this.write('loadavg', `0.52 12.58 0.59 ${runnable}/144 ${lastId}\n`);
  }

  memory(availableKiB: number): void {
    this.write(
      'meminfo',
      `MemTotal:       16384000 kB\nMemFree:  1 kB\nMemAvailable:   ${availableKiB} kB\nBuffers: 1 kB\n`,
    );
  }

  pressure(resource: 'cpu' | 'memory' | 'io', percent: string): void {
    this.write(
      `pressure/${resource}`,
      `some avg10=${percent} avg60=9.99 avg300=9.99 total=123\nfull avg10=8.00 avg60=0 avg300=0 total=0\n`,
    );
  }

  /** /proc/schedstat, version 17: waiting of each processor in nanoseconds. */
  runDelay(...waitedNs: readonly number[]): void {
    const lines = waitedNs.flatMap((ns, i) => [
      `cpu${i} 11 22 33 44 55 66 777777 ${ns} 99`,
      'domain0 MC 03 1 2 3 4 5 6 7 8 9 10',
    ]);
    this.write('schedstat', `version 17\ntimestamp 4295000000\n${lines.join('\n')}\n`);
  }

  process(
    pid: number,
    ticks: number,
    threads: Readonly<Record<number, readonly [ranNs: number, waitedNs: number]>>,
    flags = 0x40_0000,
  ): void {
    const name = 'qemu (a) b) 7';
    this.write(
      `${pid}/stat`,
      `${pid} (${name}) S 1 ${pid} ${pid} 0 -1 ${flags} 10 0 20 0 ${ticks - 1} 1 0 0 20 0 3 0 5000\n`,
    );
    for (const [id, [ran, waited]] of Object.entries(threads)) {
      for (const place of [`${pid}/task/${id}`, id]) this.write(`${place}/schedstat`, `${ran} ${waited} 5\n`);
    }
  }

  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
