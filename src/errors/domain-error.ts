/** The product's own errors. The problem filter alone knows which HTTP status each becomes. */
export abstract class DomainError extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = new.target.name;
  }
}
