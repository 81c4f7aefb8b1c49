import { unreachable } from '../../support/invariant.js';
import type { Circumstances } from './circumstances.js';
import { judgeAtLeast, judgeAtMost } from './judge-amount.js';
import { judgePaused, judgeReserved, judgeRuns, judgeYields } from './judge-state.js';
import type { Judgement, Statement } from './judgement.js';
import { askedFor } from './resource.js';

/** Whether what is said of a subject follows from the sentences in force. Exact. */
export function judge(statement: Statement, circumstances: Circumstances): Judgement {
  const { outcome, subject } = statement;
  switch (outcome.kind) {
    case 'at-most':
      return together(
        askedFor(outcome.amounts, circumstances.host).map((asked) =>
          judgeAtMost(statement, asked, circumstances),
        ),
      );
    case 'at-least':
      return together(
        askedFor(outcome.amounts, circumstances.host).map((asked) =>
          judgeAtLeast(statement, asked, circumstances, 'at least'),
        ),
      );
    case 'guaranteed': {
      // Only what a sentence promises, whatever the weights come to.
      const promised = { ...circumstances, proved: new Map() };
      return together(
        askedFor(outcome.amounts, circumstances.host).map((asked) =>
          judgeAtLeast(statement, asked, promised, 'guaranteed'),
        ),
      );
    }
    case 'paused':
      return judgePaused(subject, circumstances);
    case 'yields':
      return judgeYields(subject, circumstances);
    case 'runs':
      return judgeRuns(subject, outcome, circumstances);
    case 'reserved':
      return judgeReserved(subject, outcome.form, circumstances);
    default:
      return unreachable(outcome);
  }
}

/** What is said of several amounts holds when it holds of each; those that do not are told, or else all. */
function together(judgements: readonly Judgement[]): Judgement {
  const failed = judgements.filter(({ holds }) => !holds);
  const told = failed.length > 0 ? failed : judgements;
  return {
    holds: failed.length === 0,
    expected: told.map(({ expected }) => expected).join(' and '),
    got: [...new Set(told.map(({ got }) => got))].join(' and '),
    reasons: told.flatMap(({ reasons }) => reasons),
  };
}
