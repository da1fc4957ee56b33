const LABEL = '[\\p{L}\\p{N}_](?:[\\p{L}\\p{N}_-]*[\\p{L}\\p{N}_])?';

/** A host name without a domain. */
export const HOST_NAME = new RegExp(`^${LABEL}$`, 'u');

/** A host name with its domain, or a domain. */
export const FQDN = new RegExp(`^(?:${LABEL}\\.)+\\p{L}{2,}\\.?$`, 'u');

/** A zone of a cloud, such as `eu-central-1a` or `europe-west3-b`. */
export const CLOUD_ZONE = /^[a-z]{2,12}(?:-[a-z]{2,14}){1,3}-?\d{1,2}(?:-?[a-f])?$/;
