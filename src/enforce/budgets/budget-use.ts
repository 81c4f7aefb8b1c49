/** What has been used of a budget in one of its periods: by the subject as a whole, or by one guest. */
export interface BudgetUse {
  /** Id of the budget in the plan; a policy that is replaced goes on counting the budgets of the same id. */
  readonly budget: string;
  /** First day of the period, ISO 8601. */
  readonly firstDay: string;
  /** {@link holderOf} a guest; null: the sum of them. */
  readonly holder: string | null;
  /** CPU time, ns of one core. */
  readonly usedNs: number;
}
