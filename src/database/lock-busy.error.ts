/** Somebody else held the lock for as long as it was waited for. Nothing is wrong, and nothing was done. */
export class LockBusyError extends Error {
  constructor(name: string) {
    super(`the lock "${name}" of the tenant was held by another transaction`);
    this.name = LockBusyError.name;
  }
}
