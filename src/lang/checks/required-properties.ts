import { catalogue } from '../catalogue.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

const REQUIRED = [
  { property: 'match', example: 'match name "web-*"' },
  { property: 'vcpus', example: 'vcpus 2' },
] as const;

/** A class says who belongs to it and how large its guests are. */
export function checkRequiredProperties({ policy, reporter }: CheckInput): void {
  for (const statement of policy.statements) {
    // What is missing in a damaged class may be what could not be read.
    if (statement.kind !== 'class' || statement.damaged) continue;
    const { name, properties } = statement;
    for (const { property, example } of REQUIRED) {
      if (properties.some(({ kind }) => kind === property)) continue;
      const parameters = { name: `\`${writtenName(name.text)}\``, property, example };
      reporter.add(catalogue.missingProperty.at(reporter.place(name.span), parameters));
    }
  }
}
