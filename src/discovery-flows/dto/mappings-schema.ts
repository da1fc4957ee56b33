/** OpenAPI schema of field mappings: source header to asset field. */
export const MAPPINGS_SCHEMA = {
  type: 'object',
  additionalProperties: { type: 'string' },
  example: { Hostname: 'hostname', 'RAM (GB)': 'memory_gb' },
} as const;
