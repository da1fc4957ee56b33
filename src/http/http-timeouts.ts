export interface HttpTimeouts {
  /** From the first byte of a request, or from the connection, to the end of its headers. */
  headers_ms: number;
  /** For the whole request, a large upload over a slow line included. */
  request_ms: number;
  /** Without a byte of a body that is not there yet. */
  stall_ms: number;
  /** Between two looks at who is over the first two. */
  check_ms: number;
}

export const HTTP_TIMEOUTS: HttpTimeouts = {
  headers_ms: 15_000,
  request_ms: 30 * 60_000,
  stall_ms: 60_000,
  check_ms: 5_000,
};
