import { decimal, type Fraction } from '../verify/fractions.js';

/** A fraction as settings write it. */
export const rounded = ([num, den]: Fraction): Fraction => decimal(Number(num) / Number(den));
