import { compileModel, type HostFacts } from '../../compiler/index.js';
import { analyse, type Diagnostic, type Source } from '../../lang/index.js';
import { type CompiledSentence, compiledSentences } from './compiled-sentence.js';

/** A policy to compile, with all the files that it was read from. */
export interface CompileJob {
  readonly id: number;
  readonly root: Source;
  readonly files: readonly Source[];
  readonly facts: HostFacts;
}

export interface CompileOutcome {
  readonly id: number;
  /** What the compiler says beyond what the language does. */
  readonly diagnostics: readonly Diagnostic[];
  /** Null where there is no plan. */
  readonly sentences: readonly CompiledSentence[] | null;
}

/** Compiles a policy; nothing is said of one that the language refuses. */
export function runCompileJob({ id, root, files, facts }: CompileJob): CompileOutcome {
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const { model } = analyse(root, {
    readImport: (file) => {
      const text = texts.get(file);
      return text === undefined
        ? { kind: 'refused', reason: 'there is no such file' }
        : { kind: 'text', text };
    },
  });
  if (model === null) return { id, diagnostics: [], sentences: null };
  const { plan, diagnostics } = compileModel(model, facts);
  return { id, diagnostics, sentences: plan === null ? null : compiledSentences(model, plan) };
}
