export interface BenchOptions {
  /** Of the inventory that is measured with. */
  rows: number;
  /** How often each contender is measured. */
  rounds: number;
}
