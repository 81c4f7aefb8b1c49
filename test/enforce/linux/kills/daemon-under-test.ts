import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { threadsOf } from '../../../../src/enforce/linux/affinity.js';
import { packageRoot } from '../../../../src/support/package-root.js';
import { until } from '../../../support/guests/until.js';

/** enforcing-process.mts as one file, which starts in a third of the time. */
export async function bundleEnforcingProcess(): Promise<string> {
  // Below node_modules, so that native modules are found; not beside the sources, so that the timing thread is that of dist/.
  const outfile = join(packageRoot(), 'node_modules', '.cache', `enforcing-process-${process.pid}.mjs`);
  await build({
    entryPoints: [fileURLToPath(new URL('./enforcing-process.mts', import.meta.url))],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['koffi'],
    banner: {
      js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
    },
    logLevel: 'warning',
  });
  return outfile;
}

/** A daemon, and its guardian, that a test does harm to. */
export class DaemonUnderTest {
  readonly child: ChildProcess;
  output = '';

  constructor(program: string, stateDirectory: string, sliceName: string, pids: readonly number[]) {
    this.child = spawn(process.execPath, [program, stateDirectory, sliceName, ...pids.map(String)]);
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  /** Until it governs; or has ended, which is for the caller to judge. */
  async started(): Promise<void> {
    await until(() => this.output.includes('governing') || this.hasEnded);
  }

  async ended(): Promise<void> {
    if (!this.hasEnded) await once(this.child, 'exit');
  }

  get guardian(): number | null {
    return childrenOf(this.pid).find((pid) => commOf(pid) === 'perl') ?? null;
  }
}

function childrenOf(pid: number): readonly number[] {
  return threadsOf(pid).flatMap((tid) =>
    contentOf(`/proc/${pid}/task/${tid}/children`).split(' ').filter(Boolean).map(Number),
  );
}

const commOf = (pid: number): string => contentOf(`/proc/${pid}/comm`);

function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
