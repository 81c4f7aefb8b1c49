import { catalogue } from '../catalogue.js';
import { eachGuestBody, propertiesOf } from '../guest-bodies.js';
import type { Name } from '../tree.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

/** The tasks of one guest have different names. */
export function checkUniqueTasks({ policy, reporter }: CheckInput): void {
  eachGuestBody(policy, (body) => {
    const seen = new Map<string, Name>();
    for (const property of propertiesOf(body)) {
      if (property.kind !== 'task') continue;
      const { name } = property;
      const first = seen.get(name.text);
      if (first === undefined) {
        seen.set(name.text, name);
        continue;
      }
      const related = [reporter.related(first.span, 'first declared here')];
      const parameters = { name: `\`${writtenName(name.text)}\`` };
      reporter.add(catalogue.repeatedTask.at(reporter.place(name.span), parameters, { related }));
    }
  });
}
