import { Turns } from '../../support/turns.js';
import { type Problem, ProblemError, problemOf } from '../problem.js';
import {
  type ForecastQuery,
  type ForecastSignals,
  type ResolvedQuery,
  resolveQuery,
  STEPS_OF_ONE_REQUEST,
} from './forecast-query.js';
import type { ForecastTexts } from './forecast-texts.js';

export const MOST_QUERIES = 64;
/** Of all forecasts of a batch together. */
export const MOST_STEPS = 6000;

type Resolved = ForecastQuery & { readonly is: ResolvedQuery | Problem };

/** Many queries, looked at and not answered yet. */
export class ForecastBatch {
  readonly #queries: readonly Resolved[];

  constructor(signals: ForecastSignals, queries: readonly ForecastQuery[]) {
    let steps = 0;
    this.#queries = queries.map((query) => {
      const is = answerOrProblem(() => resolveQuery(signals, query));
      if (!('steps' in is)) return { ...query, is };
      if (steps + is.steps > MOST_STEPS) return { ...query, is: tooMany(query, is.steps) };
      steps += is.steps;
      return { ...query, is };
    });
  }

  /** In requests: what cannot be answered counts as one. */
  get cost(): number {
    return this.#queries.reduce(
      (sum, { is }) => sum + ('steps' in is ? is.steps / STEPS_OF_ONE_REQUEST : 1),
      0,
    );
  }

  /**
   * The answer as it goes out, in JSON: each query in its place with a forecast, or with a problem of its own. Signals that nobody
   * has asked about before take tens of milliseconds each: others have their turns meanwhile.
   */
  async text(texts: ForecastTexts): Promise<Buffer> {
    const pieces: Buffer[] = [];
    const turns = new Turns();
    for (const { signal, horizon, level, is } of this.#queries) {
      await turns.pass();
      const asked = JSON.stringify({ signal, horizon, level }).slice(0, -1);
      const begin = `${pieces.length === 0 ? '{"forecasts":[' : '},'}${asked},`;
      const answer = answerOrProblem(() => ('steps' in is ? texts.text({ signal, horizon, level }, is) : is));
      if (Buffer.isBuffer(answer)) pieces.push(Buffer.from(`${begin}"forecast":`), answer);
      else pieces.push(Buffer.from(`${begin}"problem":${JSON.stringify(answer)}`));
    }
    return Buffer.concat([...pieces, Buffer.from(pieces.length === 0 ? '{"forecasts":[]}' : '}]}')]);
  }
}

/** What `answer` gives, or the problem that it has. */
function answerOrProblem<T>(answer: () => T | Problem): T | Problem {
  try {
    return answer();
  } catch (error) {
    if (error instanceof ProblemError) return problemOf(error);
    throw error;
  }
}

const tooMany = ({ signal, horizon }: ForecastQuery, steps: number): Problem =>
  problemOf(
    new ProblemError(
      'too-large',
      `the forecasts of one request have at most ${MOST_STEPS} steps together, and this one of ${signal} over ${horizon} would have ${steps} more; ask for it in another request`,
    ),
  );
