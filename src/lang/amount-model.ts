import { invariant } from '../support/invariant.js';
import type { Rational } from '../support/rational.js';
import { signalSubject } from './condition-model.js';
import type { Amounts, CpuAmount, ElasticCeiling, MemoryAmount } from './model.js';
import { cpuOf, elasticEndOf, iopsOf, memoryFractionOf, rateOf, sizeOf } from './quantities.js';
import type { Amount, Quantity } from './tree.js';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** The amounts of one sentence: checks have shown that each kind stands there once at most. */
export function amountsOf(amounts: readonly Amount[]): Amounts {
  const model: Writable<Amounts> = {
    cpu: null,
    memory: null,
    diskBytesPerSecond: null,
    diskIops: null,
    networkBytesPerSecond: null,
  };
  for (const amount of amounts) {
    switch (amount.kind) {
      case 'cpu':
        model.cpu = cpuAmount(cpuOf(amount.quantity));
        break;
      case 'elastic':
        model.cpu = cpuAmount(cpuOf(amount.to));
        break;
      case 'memory':
        model.memory = memoryAmount(amount.quantity);
        break;
      case 'disk':
        model.diskIops = iopsOf(amount.quantity) ?? model.diskIops;
        model.diskBytesPerSecond = rateOf(amount.quantity) ?? model.diskBytesPerSecond;
        break;
      case 'network':
        model.networkBytesPerSecond = checked(rateOf(amount.quantity));
        break;
    }
  }
  return model;
}

/** Null where no amount follows a signal. */
export function elasticOf(amounts: readonly Amount[]): ElasticCeiling | null {
  const elastic = amounts.find((amount) => amount.kind === 'elastic');
  if (elastic === undefined) return null;
  return {
    base: cpuAmount(cpuOf(elastic.base)),
    minus: signalSubject(elastic.minus),
    from: cpuAmount(elasticEndOf(elastic.from)),
    to: cpuAmount(cpuOf(elastic.to)),
  };
}

function cpuAmount(amount: CpuAmount | null): CpuAmount {
  invariant(amount !== null, 'an amount was checked to be one of CPU');
  return amount;
}

function memoryAmount(quantity: Quantity): MemoryAmount {
  const fraction = memoryFractionOf(quantity);
  return fraction === null
    ? { kind: 'size', bytes: checked(sizeOf(quantity)) }
    : { kind: 'memory-fraction', fraction };
}

function checked(value: Rational | null): Rational {
  invariant(value !== null, 'the dimension of an amount was checked');
  return value;
}
