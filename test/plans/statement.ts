export interface Statement {
  sql: string;
  values: unknown[];
  /** How the service has it planned, a SET LOCAL each. */
  planning: string[];
  /** Of the parameters, where the text alone does not say. */
  types?: string;
  /** Whether it is sent by the owner's rights, from a function. */
  ofOwner?: boolean;
}
