export interface RepairState {
  id: string;
  run_id: string;
  status: 'planned' | 'applying' | 'applied' | 'undoing' | 'undone';
  /** Rows of the plan. */
  planned: number;
  applied: number;
  /** Rows that had changed since the plan was made and stay as they are, whole units of them. */
  skipped: number;
  undone: number;
}
