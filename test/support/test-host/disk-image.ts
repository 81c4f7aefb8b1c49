import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const MIB = 1024 * 1024;

/**
 * Writes `directory` as an ext4 file system into the file `image`, with `spareMiB` left free in it. Needs no privileges.
 *
 * @throws Error saying what to install where mke2fs is missing.
 */
export async function writeDiskImage(directory: string, image: string, spareMiB: number): Promise<void> {
  const { stdout } = await execute('du', ['-sm', '--apparent-size', directory]);
  const contentMiB = Number.parseInt(stdout, 10);
  // A twentieth more for inodes and partly filled blocks.
  const sizeMiB = Math.ceil(contentMiB * 1.05) + spareMiB;
  const options = [
    '-q',
    '-F',
    '-t',
    'ext4',
    '-O',
    '^has_journal',
    '-m',
    '0',
    '-E',
    'root_owner=0:0,lazy_itable_init=0',
  ];
  const environment = { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` };
  try {
    await execute('mke2fs', [...options, '-d', directory, image, `${(sizeMiB * MIB) / 1024}k`], {
      env: environment,
    });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new Error('The test host needs mke2fs to make its disks: apt-get install e2fsprogs');
  }
}
