import { ApiProperty } from '@nestjs/swagger';
import { PageEnvelope, PageQuery } from '../../http/page';
import { QueryWord } from '../../http/query-parameters';

const CHUNK_STATUSES = ['pending', 'committed', 'failed'] as const;

export class ListRunChunksQuery extends PageQuery {
  @QueryWord(CHUNK_STATUSES, 'Chunks of one status.')
  status?: (typeof CHUNK_STATUSES)[number];
}

export class RunChunk {
  @ApiProperty({ example: 3, description: '1-based.' })
  chunk!: number;

  @ApiProperty({ example: 1001, description: 'Row number in the file.' })
  first_row!: number;

  @ApiProperty({ example: 1500 })
  last_row!: number;

  @ApiProperty({ example: 500, description: 'Rows that it was planned with.' })
  records!: number;

  @ApiProperty({ enum: CHUNK_STATUSES, example: 'failed' })
  status!: string;

  @ApiProperty({ example: 0 })
  created!: number;

  @ApiProperty({ example: 0, description: 'Always equals created.' })
  linked!: number;

  @ApiProperty({ example: 0 })
  duplicates!: number;

  @ApiProperty({ example: 0 })
  conflicts!: number;

  @ApiProperty({ example: 0 })
  rejected!: number;

  @ApiProperty({ example: 4, description: 'Transactions that were tried for it.' })
  attempts!: number;

  @ApiProperty({ nullable: true, type: String, example: 'the database refused it (SQLSTATE 42501)' })
  error!: string | null;

  @ApiProperty({ format: 'date-time' })
  updated_at!: Date;
}

export class RunChunkPage extends PageEnvelope {
  @ApiProperty({ type: [RunChunk] })
  data!: RunChunk[];
}
