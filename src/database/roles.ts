/**
 * What the service is to the database: it owns nothing, bypasses nothing, and sees the rows of the tenant that its
 * transaction has named. Nobody logs in as it; the login of DATABASE_URL becomes it with its first breath.
 */
export const SERVICE_ROLE = 'discovery_wiring_service';

/**
 * COPY is refused where rows are secured, so rows come in under a role that they are not secured against, and which may
 * do nothing but put raw records in: it can read none.
 */
export const INGEST_ROLE = 'discovery_wiring_ingest';
