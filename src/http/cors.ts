/** What a page of an allowed origin may send and read. Cookies are none of it: who speaks is in a header. */
export const CORS = {
  methods: ['GET', 'HEAD', 'POST', 'PUT'],
  allowedHeaders: [
    'Authorization',
    'Content-Type',
    'X-Client-Account-Id',
    'X-Engagement-Id',
    'X-Request-Id',
    'Idempotency-Key',
    'Last-Event-ID',
  ],
  exposedHeaders: [
    'X-Request-Id',
    'Location',
    'Retry-After',
    'Idempotency-Replayed',
    'Content-Disposition',
    'WWW-Authenticate',
    'RateLimit-Limit',
    'RateLimit-Remaining',
    'RateLimit-Reset',
  ],
  maxAge: 600,
  // Its refusal would be plain text; an OPTIONS that is no preflight asks for nothing and gets nothing.
  strictPreflight: false,
};
