import type { Page } from './page';

/** The body of an answer whose rows are JSON texts already, which nobody has to read in order to send them. */
export function pageText({ data, pagination, metadata }: Page<string>): string {
  return `{"data":[${data.join(',')}],"pagination":${JSON.stringify(pagination)},"metadata":${JSON.stringify(metadata)}}`;
}
