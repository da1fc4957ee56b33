import { ConflictError } from '../errors/conflict.error';

/** The links have changed since the plan was made that somebody agreed to. Nothing was done. */
export class PlanChangedError extends ConflictError {
  constructor() {
    super(
      'The links have changed since this plan was made; nothing was done. Make a new plan, read it and apply that.',
    );
  }
}
