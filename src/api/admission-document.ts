import { type Admitted, admit, type Plan } from '../compiler/index.js';
import type { Source } from '../lang/index.js';
import type { AdmissionDocument } from './admission-schema.js';

/** What the compiler answers, as a document of JSON. */
export function admissionDocument(plan: Plan, request: Source): AdmissionDocument {
  const admitted: Admitted = admit(plan, request);
  return JSON.parse(JSON.stringify(admitted)) as AdmissionDocument;
}
