import type { HostFacts } from '../compiler/facts.js';
import { compile, verifyPlan } from '../compiler/index.js';
import type { Plan } from '../compiler/plan.js';
import type { Diagnostic, Source } from '../lang/index.js';
import { readTextFile } from '../support/read-text-file.js';
import { InvalidPlanError, PLAN_LIMIT_BYTES, parsePlan } from './parse-plan.js';
import { importReader } from './read-import.js';
import { type FileVersion, fileVersion } from './watch-file.js';

/** What a file given to the daemon comes to. */
export interface LoadedPlan {
  /** Null: it has errors, or cannot be kept on this host. */
  readonly plan: Plan | null;
  readonly diagnostics: readonly Diagnostic[];
  /** All files that it was read from: the one given first. */
  readonly files: readonly Source[];
  /** Which versions of them, and of what it imports and could not be read. */
  readonly versions: ReadonlyMap<string, FileVersion>;
}

/**
 * Reads a plan and verifies it, or compiles a policy: what this host and user have no mechanism for is left out, with a
 * warning. Throws an UnreadableFileError, or an {@link InvalidPlanError}.
 */
export function loadPlan(file: string, facts: HostFacts): LoadedPlan {
  // The version first: what changes while it is read is seen as a change.
  const version = fileVersion(file);
  const loaded = planOf({ file, text: readTextFile(file, PLAN_LIMIT_BYTES) }, facts);
  return { ...loaded, versions: new Map([[file, version], ...loaded.versions]) };
}

/**
 * The same of a text that did not come from its file, which only says where imports are looked for. `versions` are of
 * those alone.
 */
export function planOf(source: Source, facts: HostFacts): LoadedPlan {
  const { file, text } = source;
  const versions = new Map<string, FileVersion>();
  if (!isPlan(text)) {
    const readImport = importReader(file);
    const read = (imported: string) => {
      versions.set(imported, fileVersion(imported));
      return readImport(imported);
    };
    return { ...compile(source, facts, { degrade: true, readImport: read }), versions };
  }
  const plan = parsePlan(text, file);
  const [problem] = verifyPlan(plan);
  if (problem) throw new InvalidPlanError(`${file} does not prove what it promises: ${problem}`);
  return { plan, diagnostics: [], files: [source], versions };
}

/** Whether a text is a JSON object with a plan's version; if not it is a policy. */
function isPlan(text: string): boolean {
  if (!text.trimStart().startsWith('{')) return false;
  try {
    return 'planVersion' in (JSON.parse(text) as object);
  } catch {
    return false;
  }
}
