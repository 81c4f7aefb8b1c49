import { catalogue } from './catalogue.js';
import type { CatalogueEntry } from './catalogue-entry.js';
import type { ParsesInto } from './parse.js';
import { Reporter } from './reporter.js';
import { shiftSpans } from './shift-spans.js';
import { ANY_NAME, type ImportDeclaration, type Policy, type Statement } from './tree.js';

/** Reads a file that a policy imports, by its path as {@link readWithImports} resolves it. */
export type ImportReader = (file: string) =>
  | { readonly kind: 'text'; readonly text: string }
  /** `reason` ends a sentence: "there is no such file". */
  | { readonly kind: 'refused'; readonly reason: string };

/** Files that a policy may import, directly or by way of others. */
export const MAX_IMPORTS = 64;

/**
 * The policy of the reporter's source and of all files that it imports. Sentences of imported files come before those
 * of the file that imports them, and each file is read once. What cannot be read is reported, and its names are lost.
 */
export function readWithImports(
  reporter: Reporter,
  readImport: ImportReader | null,
  parse: ParsesInto,
): Policy {
  const root = parse(reporter);
  if (!root.statements.some(isImport)) return root;
  return new ImportedFiles(reporter, readImport, parse).merge(root);
}

const isImport = (statement: Statement): statement is ImportDeclaration => statement.kind === 'import';

/** A file that is being read, and the sentence that asked for it (null for the root). */
interface OpenFile {
  /** Relative to the root's folder, which it is inside of. */
  readonly path: string;
  readonly importedBy: ImportDeclaration | null;
}

class ImportedFiles {
  readonly #reporter: Reporter;
  readonly #read: ImportReader;
  readonly #parseInto: ParsesInto;
  readonly #rootFolder: string;
  readonly #seen = new Set<string>();
  readonly #open: OpenFile[] = [];
  readonly #statements: Statement[] = [];
  readonly #lostNames = new Set<string>();
  #isOverLimit = false;

  constructor(reporter: Reporter, readImport: ImportReader | null, parse: ParsesInto) {
    this.#reporter = reporter;
    this.#parseInto = parse;
    this.#read = readImport ?? (() => ({ kind: 'refused', reason: 'other files cannot be read here' }));
    this.#rootFolder = folderOf(reporter.source.file);
  }

  merge(root: Policy): Policy {
    const path = this.#reporter.source.file.slice(this.#rootFolder.length);
    this.#seen.add(path);
    this.#visit(root, { path, importedBy: null });
    return { kind: 'policy', statements: this.#statements, lostNames: this.#lostNames };
  }

  /** Deeper by one a file: at most as deep as there may be files. */
  #visit(policy: Policy, file: OpenFile): void {
    this.#open.push(file);
    for (const statement of policy.statements) if (isImport(statement)) this.#import(statement, file);
    this.#open.pop();
    for (const statement of policy.statements) this.#statements.push(statement);
    for (const name of policy.lostNames) this.#lostNames.add(name);
  }

  #import(declaration: ImportDeclaration, from: OpenFile): void {
    const path = resolve(declaration.path.text, folderOf(from.path));
    if (path === null) {
      this.#lose(declaration, catalogue.importOutside, { path: declaration.path.text });
      return;
    }
    const cycleStart = this.#open.findIndex((file) => file.path === path);
    if (cycleStart !== -1) this.#reportCycle(declaration, cycleStart);
    if (this.#seen.has(path)) return;
    if (this.#seen.size > MAX_IMPORTS) this.#refuseMore(declaration);
    else this.#readFile(declaration, path);
  }

  #readFile(declaration: ImportDeclaration, path: string): void {
    this.#seen.add(path);
    const answer = this.#read(this.#rootFolder + path);
    if (answer.kind === 'text') {
      this.#visit(this.#parse(path, answer.text), { path, importedBy: declaration });
    } else {
      const parameters = { path: declaration.path.text, reason: answer.reason };
      this.#lose(declaration, catalogue.unreadableImport, parameters);
    }
  }

  #parse(path: string, text: string): Policy {
    const reporter = new Reporter({ file: this.#rootFolder + path, text });
    const policy = this.#parseInto(reporter);
    const base = this.#reporter.include(reporter);
    if (policy.statements.length === 0 && reporter.hasErrors()) this.#lostNames.add(ANY_NAME);
    return { ...policy, statements: shiftSpans(policy.statements, base) };
  }

  #refuseMore(declaration: ImportDeclaration): void {
    if (!this.#isOverLimit) this.#lose(declaration, catalogue.tooManyImports, { limit: MAX_IMPORTS });
    this.#isOverLimit = true;
  }

  /** Reports an import whose file is not read: nothing can be said about the names that it may declare. */
  #lose<P>({ path }: ImportDeclaration, entry: CatalogueEntry<P>, parameters: P): void {
    this.#reporter.add(entry.at(this.#reporter.place(path.span), parameters));
    this.#lostNames.add(ANY_NAME);
  }

  /** Nothing is lost: every file of the circle is being read. */
  #reportCycle({ path }: ImportDeclaration, start: number): void {
    const circle = this.#open.slice(start);
    const related = circle
      .slice(1)
      .flatMap(({ importedBy }, index) =>
        importedBy === null
          ? []
          : [this.#reporter.related(importedBy.path.span, `imported by \`${circle[index]?.path}\``)],
      );
    const [first] = circle;
    const parameters = { cycle: [...circle, first].map((file) => `\`${file?.path}\``).join(' → ') };
    this.#reporter.add(catalogue.importCycle.at(this.#reporter.place(path.span), parameters, { related }));
  }
}

/** With its last slash; empty where a name has none. */
const folderOf = (file: string): string => file.slice(0, file.lastIndexOf('/') + 1);

/** What names another place than one beside the importing file: from the root of the file system, or by a scheme. */
const ABSOLUTE = /^(?:\/|[A-Za-z][A-Za-z0-9+.-]*:)/;

/** A path within the root's folder, made of what is written and of the importing file's folder; null when outside. */
function resolve(written: string, folder: string): string | null {
  if (ABSOLUTE.test(written)) return null;
  const segments: string[] = [];
  for (const segment of `${folder}${written}`.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') segments.push(segment);
    else if (segments.pop() === undefined) return null;
  }
  return segments.length === 0 ? null : segments.join('/');
}
