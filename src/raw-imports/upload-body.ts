import type { ApiOperationOptions } from '@nestjs/swagger';

const FILE = { type: 'string', format: 'binary' } as const;

const CSV = 'Hostname,IP Address,RAM (GB)\nweb-1,10.0.0.1,16\nweb-2,10.0.0.2,32\n';

/**
 * What an upload may be, for the API's description: a form is another thing than the raw bytes, which no decorator of
 * bodies can say. The type of raw bytes is a hint; what the file is shows in them.
 */
export const UPLOAD_BODY: ApiOperationOptions['requestBody'] = {
  required: true,
  content: {
    'multipart/form-data': {
      schema: { type: 'object', properties: { file: FILE }, required: ['file'] },
    },
    'text/csv': { schema: { type: 'string' }, example: CSV },
    'text/tab-separated-values': { schema: { type: 'string' }, example: CSV.replaceAll(',', '\t') },
    'application/json': {
      schema: { type: 'array', items: { type: 'object', additionalProperties: true } },
      example: [{ hostname: 'web-1', ip_address: '10.0.0.1', cpu: { cores: 4 } }],
    },
    'application/x-ndjson': {
      schema: { type: 'string' },
      example: '{"hostname":"web-1","ip_address":"10.0.0.1"}\n{"hostname":"web-2","ip_address":"10.0.0.2"}\n',
    },
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': { schema: FILE },
    'application/gzip': { schema: FILE },
    'application/octet-stream': { schema: FILE },
  },
};
