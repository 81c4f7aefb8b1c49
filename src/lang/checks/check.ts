import type { Definitions } from '../definitions.js';
import type { Reporter } from '../reporter.js';
import type { Scope } from '../scope.js';
import type { Policy } from '../tree.js';

export interface CheckInput {
  readonly policy: Policy;
  readonly scope: Scope;
  readonly definitions: Definitions;
  readonly reporter: Reporter;
}

/** One rule of the language; reports every place that breaks it, and nothing about what another rule covers. */
export type Check = (input: CheckInput) => void;
