import { admissionDocument } from '../../src/api/admission-document.js';
import { loadPlan, planOf } from '../../src/api/load-plan.js';
import type { PlanLoader } from '../../src/api/plan-thread.js';

/** Compiles where it is asked, without a thread: for tests that are about something else. */
export const PLANS_AT_ONCE: PlanLoader = {
  load: async (request) =>
    request.kind === 'file' ? loadPlan(request.file, request.facts) : planOf(request.source, request.facts),
  admit: async (plan, request) => admissionDocument(plan, request),
  stop: async () => {},
};
