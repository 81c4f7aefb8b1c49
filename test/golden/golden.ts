import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect } from 'chai';

/** Compares `text` with the golden file of that name, or writes it there when UPDATE_GOLDEN is set. */
export function expectGolden(name: string, text: string): void {
  const file = new URL(name, import.meta.url);
  if (process.env['UPDATE_GOLDEN']) {
    mkdirSync(dirname(file.pathname), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text, `${name} (UPDATE_GOLDEN=1 writes it)`).to.equal(readFileSync(file, 'utf8'));
}
