import { cp, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeDiskImage } from './disk-image.js';

/** Bytes or text of a file, or a file or directory of this machine to be copied. */
export type FileSource = string | Uint8Array | { readonly from: string };

export interface ProjectFiles {
  /** Path below /project → its content. */
  readonly files?: Readonly<Record<string, FileSource>>;
  /** Path below /project → TypeScript source of this machine, bundled into one module (.mjs, .cjs) that Node runs. */
  readonly programs?: Readonly<Record<string, string>>;
}

const SPARE_MIB = 32;
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
/** Native code cannot be bundled: these packages are copied beside the programs. */
const NATIVE_PACKAGES = ['koffi', '@koromix/koffi-linux-x64', '@koromix/koffi-linux-arm64'];

/** Makes the disk that the test host mounts at /project: `image` is the file to write, `scratch` a directory to use. */
export async function writeProjectDisk(project: ProjectFiles, scratch: string, image: string): Promise<void> {
  const tree = join(scratch, 'project');
  await mkdir(tree, { recursive: true });
  for (const [path, source] of Object.entries(project.files ?? {})) await place(join(tree, path), source);
  for (const [path, entry] of Object.entries(project.programs ?? {})) await bundle(entry, join(tree, path));
  if (Object.keys(project.programs ?? {}).length > 0) await placeNativePackages(tree);
  await writeDiskImage(tree, image, SPARE_MIB);
}

async function place(target: string, source: FileSource): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  if (typeof source === 'string' || source instanceof Uint8Array) await writeFile(target, source);
  else await cp(source.from, target, { recursive: true, dereference: true });
}

async function bundle(entry: string, target: string): Promise<void> {
  const commonJs = target.endsWith('.cjs');
  const requireOf = "import { createRequire as requireOf } from 'node:module';";
  await build({
    entryPoints: [entry],
    outfile: target,
    bundle: true,
    platform: 'node',
    format: commonJs ? 'cjs' : 'esm',
    target: 'node20',
    external: ['koffi'],
    logLevel: 'silent',
    // What the other kind of module takes for granted: sources ask for `import.meta.url`, bundled packages `require`.
    banner: {
      js: commonJs
        ? "const moduleUrl = require('node:url').pathToFileURL(__filename).href;"
        : `${requireOf} const require = requireOf(import.meta.url);`,
    },
    ...(commonJs ? { define: { 'import.meta.url': 'moduleUrl' } } : {}),
  });
}

async function placeNativePackages(tree: string): Promise<void> {
  for (const name of NATIVE_PACKAGES) {
    const source = join(REPOSITORY, 'node_modules', name);
    await cp(source, join(tree, 'node_modules', name), { recursive: true, dereference: true }).catch(
      (error) => {
        // Only the package of this machine's architecture is installed.
        if (name === 'koffi' || error.code !== 'ENOENT') throw error;
      },
    );
  }
}
