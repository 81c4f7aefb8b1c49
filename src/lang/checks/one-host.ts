import { catalogue } from '../catalogue.js';
import type { CheckInput } from './check.js';

/** All that is said of the host stands in one place. */
export function checkOneHost({ policy, reporter }: CheckInput): void {
  const blocks = policy.statements.filter((statement) => statement.kind === 'host');
  const [first, ...others] = blocks;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return;
  const head = ({ span }: typeof first) => ({ start: span.start, end: span.start + 'host'.length });
  const related = [first, ...others.slice(0, -1)].map((block) =>
    reporter.related(head(block), 'another one'),
  );
  reporter.add(catalogue.secondHost.at(reporter.place(head(last)), {}, { related }));
}
