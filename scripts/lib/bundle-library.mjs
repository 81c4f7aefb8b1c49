import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { ROOT } from './root.mjs';

/** The package's exports (package.json) and where they come from. */
const LIBRARY = {
  lang: 'src/lang/index.ts',
  compiler: 'src/compiler/index.ts',
  rps: 'src/rps/index.ts',
  client: 'src/api/client.ts',
};

/** ES modules under `dist`/lib, readable, with what they share in common chunks. `lang` and `compiler` also run in a browser. */
export async function bundleLibrary(dist) {
  const present = Object.entries(LIBRARY).filter(([, source]) => existsSync(join(ROOT, source)));
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: Object.fromEntries(present),
    chunkNames: 'shared-[hash]',
    outdir: join(dist, 'lib'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    external: ['koffi', 'osx-temperature-sensor'],
    legalComments: 'none',
    logLevel: 'warning',
  });
}
