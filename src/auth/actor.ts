/** Who asks for something, and by which request: what the audit says of a change. */
export interface Actor {
  /** Of the verified token; null where nobody was authenticated (`AUTH_MODE=headers`). */
  readonly subject: string | null;
  readonly request_id: string;
}
