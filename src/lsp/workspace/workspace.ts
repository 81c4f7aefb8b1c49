import { dirname, relative } from 'node:path';
import type { ImportReader } from '../../lang/imports.js';
import type { Project } from '../document/declarations.js';
import { PolicyText } from '../document/policy-text.js';
import { fileOf, uriOf } from './file-uri.js';
import { ImportGraph } from './import-graph.js';
import { importsOf } from './imports-of.js';
import type { PolicyFiles } from './policy-files.js';

/** A text from disk, as it was then. */
interface Read {
  readonly text: PolicyText;
  readonly state: string | null;
}

/** The policies that the client has open, those on disk that they belong to, and which imports which. */
export class Workspace {
  readonly #files: PolicyFiles;
  readonly #open = new Map<string, PolicyText>();
  readonly #read = new Map<string, Read>();
  readonly #graph = new ImportGraph();
  #folders: readonly string[] = [];

  constructor(files: PolicyFiles) {
    this.#files = files;
  }

  /** Looks for policies in the folders of a workspace, given as uris. */
  addFolders(uris: readonly string[]): void {
    const folders = uris.map(fileOf).filter((folder) => folder.startsWith('/'));
    this.#folders = [...this.#folders, ...folders];
    for (const folder of folders) this.#discover(folder, true);
  }

  removeFolders(uris: readonly string[]): void {
    const gone = new Set(uris.map(fileOf));
    this.#folders = this.#folders.filter((folder) => !gone.has(folder));
  }

  /** A document as it is now, opened or changed by the client. */
  set(uri: string, text: string): PolicyText {
    const file = fileOf(uri);
    const isNew = !this.#open.has(file);
    const policy = new PolicyText(uri, text);
    this.#open.set(file, policy);
    this.#graph.set(file, importsOf(file, text));
    if (isNew) this.#meet(file);
    return policy;
  }

  /** From now on what is on disk counts. */
  close(uri: string): void {
    const file = fileOf(uri);
    this.#open.delete(file);
    this.refresh(uri);
  }

  /** A file was made, changed or deleted. */
  refresh(uri: string): void {
    const file = fileOf(uri);
    if (this.#open.has(file)) return;
    this.#read.delete(file);
    this.#graph.delete(file);
    this.#note(file);
  }

  /** The files that the client has open. */
  openFiles(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** The text of a file: the client's, else that on disk; null where there is none. */
  textOf(file: string): PolicyText | null {
    return this.#open.get(file) ?? this.#readText(file);
  }

  /** How the language reads imports. */
  readonly readImport: ImportReader = (file) => {
    const known = this.#open.get(file) ?? this.#readText(file);
    if (known !== null) return { kind: 'text', text: known.text };
    const read = this.#files.read(file);
    return 'reason' in read ? { kind: 'refused', reason: read.reason } : { kind: 'text', text: read.text };
  };

  rootsOf(file: string): readonly string[] {
    return this.#graph.rootsOf(file);
  }

  /** All texts that share names with a file. */
  projectOf(file: string): Project {
    const files = new Set(this.rootsOf(file).flatMap((root) => this.#graph.closureOf(root)));
    return { texts: [...files].flatMap((each) => this.textOf(each) ?? []) };
  }

  /** Policies that a file could import, as its imports would name them. */
  importableFrom(file: string): readonly string[] {
    const folder = dirname(file);
    return this.#files
      .list(folder, true)
      .filter((other) => other !== file)
      .map((other) => relative(folder, other));
  }

  /** What a file of a folder may be imported by, or import, is looked at when the file is met. */
  #meet(file: string): void {
    if (!file.startsWith('/')) return;
    const isWithin = this.#folders.some((folder) => file.startsWith(`${folder}/`));
    if (!isWithin) this.#discover(dirname(file), false);
    for (const imported of this.#graph.importsOf(file)) this.#note(imported);
  }

  #discover(folder: string, deep: boolean): void {
    for (const file of this.#files.list(folder, deep)) this.#note(file);
  }

  /** Notes what a file imports, and what those import. */
  #note(file: string): void {
    const pending = [file];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      if (this.#graph.has(next)) continue;
      const text = this.#readText(next);
      if (text === null) continue;
      this.#graph.set(next, importsOf(next, text.text));
      pending.push(...this.#graph.importsOf(next));
    }
  }

  #readText(file: string): PolicyText | null {
    const state = this.#files.stateOf(file);
    const known = this.#read.get(file);
    if (known !== undefined && known.state === state) return known.text;
    const read = this.#files.read(file);
    if ('reason' in read) return null;
    const text = new PolicyText(uriOf(file), read.text);
    this.#read.set(file, { text, state });
    return text;
  }
}
