import { catalogue } from '../catalogue.js';
import { eachGuestBody, type GuestBody, propertiesOf } from '../guest-bodies.js';
import { writtenName } from '../words.js';
import type { CheckInput } from './check.js';

const MATCH = { property: 'match', example: 'match name "web-*"' } as const;
const VCPUS = { property: 'vcpus', example: 'vcpus 2' } as const;

const REQUIRED: Readonly<Record<GuestBody['kind'], readonly (typeof MATCH | typeof VCPUS)[]>> = {
  class: [MATCH, VCPUS],
  offer: [VCPUS],
};

/** A class says who belongs to it; a class and an offer say how large their guests are. */
export function checkRequiredProperties({ policy, reporter }: CheckInput): void {
  eachGuestBody(policy, (body) => {
    // What is missing in a damaged body may be what could not be read.
    if (body.damaged) return;
    for (const { property, example } of REQUIRED[body.kind]) {
      if (propertiesOf(body).some(({ kind }) => kind === property)) continue;
      const parameters = { name: `\`${writtenName(body.name.text)}\``, property, example };
      reporter.add(catalogue.missingProperty.at(reporter.place(body.name.span), parameters));
    }
  });
}
