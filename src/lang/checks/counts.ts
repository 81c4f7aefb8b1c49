import { rational } from '../../support/rational.js';
import { eachGuestBody, propertiesOf } from '../guest-bodies.js';
import { numberOf, sizeOf } from '../quantities.js';
import { eachTestLine } from '../traversal.js';
import type { ClassProperty, HostProperty, OfferTerm, Quantity } from '../tree.js';
import type { CheckInput } from './check.js';
import { checkRange, type QuantityRange } from './range-check.js';

const count = (what: string, limit: number): QuantityRange => ({
  what,
  from: rational(1n),
  to: rational(BigInt(limit)),
  isWhole: true,
  text: `from 1 to ${limit}`,
});

const CORES = count('The number of cores', 8192);
const VCPUS = count('The number of vCPUs', 1024);
const GUESTS = count('The number of guests', 1000);
const MEMORY: QuantityRange = {
  what: 'A memory size',
  from: rational(1n),
  to: rational(2n ** 50n),
  isWhole: true,
  text: 'from 1 B to 1024 TiB, in whole bytes',
};

/** Cores, vCPUs and guests come in whole numbers, at least one; memory in whole bytes. */
export function checkCounts({ policy, reporter }: CheckInput): void {
  for (const statement of policy.statements) {
    if (statement.kind === 'host') statement.properties.forEach(checkProperty);
  }
  eachGuestBody(policy, (body) => {
    propertiesOf(body).forEach(checkProperty);
    checkGuests(body.kind === 'class' ? body.capacity : body.count);
  });
  eachTestLine(policy, (line) => {
    if (line.kind !== 'given' || line.fact.kind !== 'vms') return;
    for (const guests of line.fact.guests) checkGuests(guests.count);
  });

  function checkGuests(quantity: Quantity | null): void {
    if (quantity !== null) checkRange(quantity, numberOf(quantity), GUESTS, reporter);
  }

  function checkProperty(property: HostProperty | ClassProperty | OfferTerm): void {
    if (property.kind === 'cores') checkRange(property.value, numberOf(property.value), CORES, reporter);
    if (property.kind === 'vcpus') checkRange(property.value, numberOf(property.value), VCPUS, reporter);
    if (property.kind === 'memory') checkRange(property.value, sizeOf(property.value), MEMORY, reporter);
  }
}
