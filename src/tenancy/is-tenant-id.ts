const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whether what a tenant header says is a UUID, of any version. */
export function isTenantId(value: unknown): value is string {
  return typeof value === 'string' && UUID.test(value);
}
