import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory for the tests of one suite, removed after them. Call it in `describe`. */
export function scratchDirectory(): {
  readonly path: (name: string) => string;
  readonly write: (name: string, content: string | Buffer) => string;
} {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'vmc-cli-'));
  });
  after(() => rmSync(directory, { recursive: true, force: true }));
  const path = (name: string) => join(directory, name);
  const write = (name: string, content: string | Buffer) => {
    writeFileSync(path(name), content);
    return path(name);
  };
  return { path, write };
}
