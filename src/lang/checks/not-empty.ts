import { catalogue } from '../catalogue.js';
import type { CheckInput } from './check.js';

/** A policy says something. A text in which nothing could be read has its errors already. */
export function checkNotEmpty({ policy, reporter }: CheckInput): void {
  if (policy.statements.length > 0 || reporter.hasErrors()) return;
  reporter.add(catalogue.emptyPolicy.at(reporter.place({ start: 0, end: 0 }), {}));
}
