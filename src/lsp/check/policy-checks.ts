import type { HostFacts } from '../../compiler/index.js';
import { type CheckedPolicy, checkPolicy } from '../../lang/analyse.js';
import { IncrementalParser } from '../../lang/incremental-parser.js';
import type { Diagnostic } from '../../lang/index.js';
import type { ParsesInto } from '../../lang/parse.js';
import type { CompileOutcome } from '../compile/compile-job.js';
import type { CompiledSentence } from '../compile/compiled-sentence.js';
import type { Workspace } from '../workspace/workspace.js';
import { changeBetween, movedDiagnostic, movedSentence, type TextChange } from './text-change.js';

/** What is known of a policy as a whole: of the file that nothing imports. */
interface RootState {
  /** The files that it was read from. */
  readonly files: readonly string[];
  readonly checked: CheckedPolicy;
  /** What the compiler said of it last. */
  readonly findings: readonly Diagnostic[];
  readonly sentences: readonly CompiledSentence[];
}

/** Compiles when it gets to it; only the last request for a key counts. */
export interface Compiles {
  request(
    key: string,
    request: {
      readonly root: CheckedPolicy['files'][number];
      readonly files: CheckedPolicy['files'];
      readonly facts: HostFacts;
    },
    answer: (outcome: CompileOutcome | null) => void,
  ): void;
}

export interface ChecksOptions {
  /** How long after a change the compiler is asked. */
  readonly compileDelayMs: number;
  /** Files about which there may be something else to say now. */
  readonly onChange: (files: readonly string[]) => void;
}

/** Diagnostics of all open policies, and what their sentences were compiled to. */
export class PolicyChecks {
  readonly #workspace: Workspace;
  readonly #compiles: Compiles;
  readonly #options: ChecksOptions;
  readonly #roots = new Map<string, RootState>();
  /** By file: what was read stays read. */
  readonly #parsers = new Map<string, IncrementalParser>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  #facts: HostFacts | null = null;

  constructor(workspace: Workspace, compiles: Compiles, options: ChecksOptions) {
    this.#workspace = workspace;
    this.#compiles = compiles;
    this.#options = options;
  }

  /** The host to compile for; null: nothing is compiled. */
  setFacts(facts: HostFacts | null): void {
    this.#facts = facts;
    for (const root of this.#roots.keys()) this.#compileLater(root);
  }

  /** A file has another text; `before` where it was open already. Answers the files about which there is news. */
  changed(file: string, before: string | null): readonly string[] {
    const after = this.#workspace.textOf(file)?.text ?? '';
    const change = before === null ? null : changeBetween(before, after);
    const affected = new Set([file, ...this.#prune()]);
    for (const root of this.#workspace.rootsOf(file)) {
      if (change !== null) this.#follow(root, file, change);
      for (const each of this.#check(root)) affected.add(each);
      this.#compileLater(root);
    }
    return [...affected];
  }

  /** A file is no longer open. */
  closed(file: string): readonly string[] {
    const affected = new Set([file, ...this.#prune()]);
    for (const root of this.#workspace.rootsOf(file)) {
      if (!this.#roots.has(root)) continue;
      for (const each of this.#check(root)) affected.add(each);
      this.#compileLater(root);
    }
    return [...affected];
  }

  /** Each once, however many policies a file is part of; in the order of the text. */
  diagnosticsOf(file: string): readonly Diagnostic[] {
    const found = new Map<string, Diagnostic>();
    for (const { checked, findings } of this.#roots.values()) {
      for (const diagnostic of [...checked.diagnostics, ...findings]) {
        if (diagnostic.file === file) found.set(keyOf(diagnostic), diagnostic);
      }
    }
    return [...found.values()].sort((a, b) => a.range.start.offset - b.range.start.offset);
  }

  /** What the sentence that begins at an offset of a file was compiled to; null where that is not known. */
  compiledAt(file: string, start: number): string | null {
    for (const { sentences } of this.#roots.values()) {
      const found = sentences.find((sentence) => sentence.file === file && sentence.start === start);
      if (found !== undefined) return found.markdown;
    }
    return null;
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #check(root: string): readonly string[] {
    const text = this.#workspace.textOf(root);
    const known = this.#roots.get(root);
    if (text === null) return this.#drop(root);
    const { readImport } = this.#workspace;
    const checked = checkPolicy({ file: root, text: text.text }, { readImport, parse: this.#parse });
    const files = checked.files.map(({ file }) => file);
    // As on the command line: what the language refuses is not compiled.
    const findings = hasErrors(checked) ? [] : (known?.findings ?? []);
    this.#roots.set(root, { files, checked, findings, sentences: known?.sentences ?? [] });
    return [...files, ...(known?.files ?? [])];
  }

  readonly #parse: ParsesInto = (reporter) => {
    const { file } = reporter.source;
    const parser = this.#parsers.get(file) ?? new IncrementalParser();
    this.#parsers.set(file, parser);
    return parser.parseInto(reporter);
  };

  /** Forgets policies of which no file is open, and those that have become a part of another. */
  #prune(): readonly string[] {
    const wanted = new Set(this.#workspace.openFiles().flatMap((file) => this.#workspace.rootsOf(file)));
    return [...this.#roots.keys()].filter((root) => !wanted.has(root)).flatMap((root) => this.#drop(root));
  }

  #drop(root: string): readonly string[] {
    const files = this.#roots.get(root)?.files ?? [];
    this.#roots.delete(root);
    for (const file of files) this.#parsers.delete(file);
    clearTimeout(this.#timers.get(root));
    this.#timers.delete(root);
    return files;
  }

  /** Keeps what the compiler said at its places until it says something new. */
  #follow(root: string, file: string, change: TextChange): void {
    const state = this.#roots.get(root);
    if (state === undefined) return;
    this.#roots.set(root, {
      ...state,
      findings: state.findings.flatMap((finding) => movedDiagnostic(finding, file, change) ?? []),
      sentences: state.sentences.flatMap((sentence) => movedSentence(sentence, file, change) ?? []),
    });
  }

  #compileLater(root: string): void {
    clearTimeout(this.#timers.get(root));
    const timer = setTimeout(() => this.#compile(root), this.#options.compileDelayMs);
    this.#timers.set(root, timer);
  }

  #compile(root: string): void {
    this.#timers.delete(root);
    const checked = this.#roots.get(root)?.checked;
    const source = checked?.files[0];
    if (!checked || !source || hasErrors(checked) || this.#facts === null) return;
    const { files } = checked;
    this.#compiles.request(root, { root: source, files, facts: this.#facts }, (outcome) =>
      this.#take(root, checked, outcome),
    );
  }

  /** Of a policy that has changed meanwhile nothing is taken: it is compiled again. */
  #take(root: string, checked: CheckedPolicy, outcome: CompileOutcome | null): void {
    const state = this.#roots.get(root);
    if (state === undefined || state.checked !== checked) return;
    const findings = outcome?.diagnostics ?? [];
    const sentences = outcome?.sentences ?? [];
    this.#roots.set(root, { ...state, findings, sentences });
    this.#options.onChange(state.files);
  }
}

const hasErrors = ({ diagnostics }: CheckedPolicy): boolean =>
  diagnostics.some(({ severity }) => severity === 'error');

const keyOf = ({ code, range, message }: Diagnostic): string =>
  `${code} ${range.start.offset} ${range.end.offset} ${message}`;
