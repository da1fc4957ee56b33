import { ApiProperty } from '@nestjs/swagger';
import { QueryInteger } from './query-parameters';

export const MAX_PAGE_SIZE = 200;

export class PageQuery {
  @QueryInteger({ minimum: 1, maximum: 10_000_000, default: 1 })
  page: number = 1;

  @QueryInteger({ minimum: 1, maximum: MAX_PAGE_SIZE, default: 100 })
  page_size: number = 100;
}

class Pagination {
  @ApiProperty({ example: 1 })
  page!: number;

  @ApiProperty({ example: 100 })
  page_size!: number;

  @ApiProperty({ example: 1200 })
  total!: number;

  @ApiProperty({ example: 12 })
  total_pages!: number;
}

class PageMetadata {
  @ApiProperty({ example: MAX_PAGE_SIZE })
  max_page_size!: number;

  @ApiProperty({
    example: false,
    description: 'Whether the service cut the page size that its caller asked for.',
  })
  page_size_capped!: boolean;
}

/** What every list answers around its `data`. */
export abstract class PageEnvelope {
  @ApiProperty()
  pagination!: Pagination;

  @ApiProperty()
  metadata!: PageMetadata;
}

export interface Page<Row> extends PageEnvelope {
  data: Row[];
}

/** Rows of one page and how many there are in all. */
export interface Slice<Row> {
  rows: Row[];
  total: number;
}

/**
 * The page size that is used: HTTP refuses more than the maximum, other callers are cut to it.
 */
export function cappedPageSize(page_size: number): number {
  return Math.min(page_size, MAX_PAGE_SIZE);
}

/** What of a list a page is. */
export function pageWindow({ page, page_size }: PageQuery): { limit: number; offset: number } {
  const limit = cappedPageSize(page_size);
  return { limit, offset: (page - 1) * limit };
}

export function pageOf<Row>({ page, page_size }: PageQuery, { rows, total }: Slice<Row>): Page<Row> {
  const used = cappedPageSize(page_size);
  return {
    data: rows,
    pagination: { page, page_size: used, total, total_pages: Math.ceil(total / used) },
    metadata: { max_page_size: MAX_PAGE_SIZE, page_size_capped: used < page_size },
  };
}
