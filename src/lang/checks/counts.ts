import { rational } from '../../support/rational.js';
import { numberOf, sizeOf } from '../quantities.js';
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
const CAPACITY = count('The number of guests', 1000);
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
    if (statement.kind !== 'host' && statement.kind !== 'class') continue;
    if (statement.kind === 'class' && statement.capacity !== null) {
      checkRange(statement.capacity, numberOf(statement.capacity), CAPACITY, reporter);
    }
    for (const property of statement.properties) {
      if (property.kind === 'cores') checkRange(property.value, numberOf(property.value), CORES, reporter);
      if (property.kind === 'vcpus') checkRange(property.value, numberOf(property.value), VCPUS, reporter);
      if (property.kind === 'memory') checkRange(property.value, sizeOf(property.value), MEMORY, reporter);
    }
  }
}
