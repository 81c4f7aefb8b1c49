import type { Plan, Setting } from '../plan.js';
import { policyDigest } from '../policy-digest.js';
import { unless } from '../verify/host.js';

type Citation = Setting['because'][number];
type Position = Citation['range']['start'];

/** Longer sentences are cited by so much of their beginning. */
const LONGEST = 500;

/** Everything follows from sentences; those cited are in the text that the plan contains, at their places. */
export function citationProblems(plan: Plan): readonly string[] {
  const { policy, schedules, budgets, offers } = plan;
  const lists = [...schedules.flatMap(({ settings }) => settings), ...budgets, ...offers];
  const without = lists.filter(({ because }) => because.length === 0);
  return [
    ...unless(without.length === 0, 'something follows from no sentence'),
    ...(policy.files
      ? wronglyCited(
          lists.flatMap(({ because }) => because),
          policy.files,
        )
      : []),
    ...unless(
      policy.files === undefined || policy.name === nameOf(policy.files[0]?.file ?? ''),
      'the policy is not called what its file is',
    ),
    ...unless(
      policy.files === undefined || policy.digest === policyDigest(policy.files),
      'the digest is not that of the policy',
    ),
  ];
}

const nameOf = (file: string): string => file.replace(/^.*\//, '').replace(/\.vmc$/, '');

const keyOf = ({ file, range }: Citation): string => `${range.start.offset} ${range.end.offset} ${file}`;

/** Each place is read once, however many settings cite it. */
function wronglyCited(
  citations: readonly Citation[],
  files: NonNullable<Plan['policy']['files']>,
): readonly string[] {
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const starts = new Map(files.map(({ file, text }) => [file, lineStarts(text)]));
  const read = new Map<string, string>();
  const wrong = citations.filter(({ sentence, file, range: { start, end } }) => {
    const key = keyOf({ sentence, file, range: { start, end } });
    const written = read.get(key) ?? shown(texts.get(file)?.slice(start.offset, end.offset) ?? '');
    read.set(key, written);
    const lines = starts.get(file) ?? [];
    return written !== sentence || !isAt(start, lines) || !isAt(end, lines);
  });
  return [...new Set(wrong.map(({ sentence }) => `the policy does not say "${sentence}" where it is cited`))];
}

const isAt = ({ line, column, offset }: Position, starts: readonly number[]): boolean =>
  (starts[line - 1] ?? -1) + column - 1 === offset && offset < (starts[line] ?? Number.POSITIVE_INFINITY);

function lineStarts(text: string): readonly number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}

const PIECE = /("(?:[^"\\\n]|\\.)*")|#[^\n]*|[ \t\r\n]+/g;

/** Without comments, white space folded, and its beginning only. */
function shown(text: string): string {
  const folded = text
    .replace(PIECE, (_, quoted: string | undefined) => quoted ?? ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return folded.length <= LONGEST ? folded : `${folded.slice(0, LONGEST)}…`;
}
