import { setFlagsFromString } from 'node:v8';

/**
 * How much bytecode a function has to run before it is optimised (132 KB by default). What runs once a second is hot after minutes:
 * optimising it on four threads costs more than it saves. Loops of a compiler get there all the same.
 */
const FLAG = '--interrupt-budget=2000000';

/**
 * Has V8 spend no more than a daemon needs that does little, often. To be called after what is loaded with V8's code cache: a cache of
 * other flags is not taken. A number that is read as it is needed: what decides how V8 works (`--single-threaded-gc`) must not change while it does.
 */
export function spendLittle(): void {
  setFlagsFromString(FLAG);
}
