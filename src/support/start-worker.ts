import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { packageRoot } from './package-root.js';

/** A thread that runs dist/NAME.cjs, or, where the sources are what runs, its source beside `importer` (`import.meta.url`). */
export function startWorker(name: string, importer: string, options: WorkerOptions = {}): Worker {
  const source = fileURLToPath(new URL(`./${name}.ts`, importer));
  if (!existsSync(source)) return new Worker(join(packageRoot(), 'dist', `${name}.cjs`), options);
  const url = JSON.stringify(pathToFileURL(source));
  const load = `import('tsx/esm/api').then(({ register }) => { register(); return import(${url}); });`;
  return new Worker(load, { eval: true, ...options });
}
