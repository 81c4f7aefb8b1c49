import { catalogue } from '../catalogue.js';
import type { TestDeclaration } from '../tree.js';
import type { CheckInput } from './check.js';

/** Each test has its own name. */
export function checkUniqueTitles({ policy, reporter }: CheckInput): void {
  const seen = new Map<string, TestDeclaration>();
  for (const statement of policy.statements) {
    if (statement.kind !== 'test') continue;
    const { title } = statement;
    const first = seen.get(title.text);
    if (first === undefined) {
      seen.set(title.text, statement);
      continue;
    }
    const related = [reporter.related(first.title.span, 'the other one')];
    const parameters = { title: title.text };
    reporter.add(catalogue.repeatedTitle.at(reporter.place(title.span), parameters, { related }));
  }
}
