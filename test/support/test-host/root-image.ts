import { chmod, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cached, digest, fileContent, fileVersion } from './cache.js';
import { writeDiskImage } from './disk-image.js';
import { machinePrograms, stagePrograms } from './machine-programs.js';
import { GUEST_FILES, stage, stageBusybox, stageDirectories } from './stage.js';

const SPARE_MIB = 64;

/**
 * The disk that the test host boots from: this machine's own Node, QEMU and perl-base with their libraries, and busybox.
 * Returns the path of the image in the cache; it is made anew when one of its files changed on this machine.
 *
 * @throws Error saying what to install.
 */
export async function rootImage(busybox: string): Promise<string> {
  const { files, libraries, versions } = await machinePrograms();
  const builder = fileURLToPath(import.meta.url);
  const ours = (await readdir(GUEST_FILES, { withFileTypes: true })).filter((entry) => entry.isFile());
  const inputs = [builder, ...ours.map(({ name }) => join(GUEST_FILES, name))];
  const contents = await Promise.all(inputs.map(fileContent));
  const key = digest([await fileVersion(busybox), ...contents, ...versions]);
  const directory = await cached('root', key, async (into) => {
    const tree = join(into, 'tree');
    await stageSkeleton(tree, busybox);
    await stagePrograms(tree, [...files, ...libraries]);
    await writeDiskImage(tree, join(into, 'root.ext4'), SPARE_MIB);
    await rm(tree, { recursive: true });
  });
  return join(directory, 'root.ext4');
}

async function stageSkeleton(tree: string, busybox: string): Promise<void> {
  await stageDirectories(tree);
  await stageBusybox(tree, busybox);
  await symlink('/bin/busybox', join(tree, 'usr/sbin/init'));
  for (const name of ['boot.sh', 'agent.cjs']) {
    await stage(tree, join(GUEST_FILES, name), `/usr/lib/test-host/${name}`);
  }
  await chmod(join(tree, 'usr/lib/test-host/boot.sh'), 0o755);
  await stage(tree, join(GUEST_FILES, 'inittab'), '/etc/inittab');
  await writeFile(
    join(tree, 'etc/passwd'),
    'root:x:0:0:root:/root:/bin/sh\nguest:x:1000:1000::/tmp:/bin/sh\n',
  );
  await writeFile(join(tree, 'etc/group'), 'root:x:0:\nguest:x:1000:\n');
  await writeFile(join(tree, 'etc/hosts'), '127.0.0.1 localhost\n');
}
