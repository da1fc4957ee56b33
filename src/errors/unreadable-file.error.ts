import { DomainError } from './domain-error';

/** The file is not what it claims to be, or breaks a limit of its format (HTTP 422). */
export class UnreadableFileError extends DomainError {}
