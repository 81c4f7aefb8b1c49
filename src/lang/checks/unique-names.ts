import { catalogue } from '../catalogue.js';
import { isNamed, KIND_WORDS, type Named } from '../scope.js';
import { eachStatement } from '../traversal.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** Classes, unions, offers, conditions, switches and signals share one namespace; a name stands for one thing. */
export function checkUniqueNames({ policy, scope, reporter }: CheckInput): void {
  for (const declarations of scope.duplicates()) {
    const [last, ...earlier] = [...declarations].reverse();
    if (last === undefined) continue;
    const related = earlier
      .reverse()
      .slice(0, MAX_PLACES)
      .map((other: Named) => reporter.related(other.name.span, `also ${KIND_WORDS[other.kind]}`));
    const parameters = { name: `\`${writtenName(last.name.text)}\``, count: declarations.length };
    reporter.add(catalogue.duplicateName.at(reporter.place(last.name.span), parameters, { related }));
  }
  eachStatement(policy, (statement) => {
    if (isNamed(statement) && statement.name.text === '') {
      reporter.add(catalogue.emptyName.at(reporter.place(statement.name.span), {}));
    }
  });
}

/** A name can be declared a hundred thousand times in one file. */
const MAX_PLACES = 100;
