import type { Circumstances } from '../../../src/compiler/claims/circumstances.js';
import { anywhere, circumstancesOf } from '../../../src/compiler/claims/circumstances-of.js';
import type { HostFacts } from '../../../src/compiler/facts.js';
import { modelContext } from '../../../src/compiler/model-context.js';
import { situationOf } from '../../../src/compiler/modes/situation.js';
import { analyse } from '../../../src/lang/index.js';
import { type Rational, toNumber } from '../../../src/support/rational.js';
import { HOST } from '../support.js';

/** What is in force in a policy without conditions. */
export function circumstancesIn(text: string, facts: HostFacts = HOST): Circumstances {
  const { model, diagnostics } = analyse({ file: 'test.vmc', text });
  if (model === null)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  const context = modelContext(model, facts);
  const { sentences } = context.model;
  const situation = situationOf(sentences, context.table, { id: 'always', example: null, values: [] });
  return circumstancesOf(situation, context, { elastic: anywhere(context.host), proof: null });
}

export const numberOf = (value: Rational | null): number | null => (value === null ? null : toNumber(value));
