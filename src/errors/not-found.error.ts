import { DomainError } from './domain-error';

/** Nothing of that id in this tenant (HTTP 404), whether or not another tenant has it. */
export class NotFoundError extends DomainError {}
