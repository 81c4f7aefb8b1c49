export { type AdmissionAnswer, type Admitted, admit, type Granted, type RefusedIn } from './admit.js';
export type { CounterOffer } from './counter-offers.js';
export { renderAnswer } from './render-answer.js';
