import { setFlagsFromString } from 'node:v8';

/*
 * - Memory is freed by the thread that allocates: threads that help it starve beside reservations, and each has its stack.
 * - What runs once a second is hot after minutes: optimising it on four threads costs more than it saves. Loops of a compiler get
 *   there all the same. (The default is 132 KB of bytecode.)
 */
const FLAGS = ['--single-threaded-gc', '--interrupt-budget=2000000'];

/**
 * Has V8 spend no more than a daemon needs that does little, often. To be called before threads are started, and after what
 * is loaded with V8's code cache: a cache of other flags is not taken.
 */
export function spendLittle(): void {
  for (const flag of FLAGS) setFlagsFromString(flag);
}
