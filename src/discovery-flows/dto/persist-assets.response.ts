import { ApiProperty } from '@nestjs/swagger';

export const CHUNK_OUTCOMES = ['committed', 'failed', 'not_attempted'] as const;

export class ChunkOutcome {
  @ApiProperty({ example: 1, description: '1-based.' })
  chunk!: number;

  @ApiProperty({ example: 498 })
  created!: number;

  @ApiProperty({ example: 498 })
  linked!: number;

  @ApiProperty({ example: 2 })
  skipped!: number;

  @ApiProperty({ enum: CHUNK_OUTCOMES, example: 'committed' })
  status!: (typeof CHUNK_OUTCOMES)[number];

  @ApiProperty({ required: false })
  error?: string;
}

export class ItemProblem {
  @ApiProperty({ example: 17, description: '0-based position in discovered_assets.' })
  index!: number;

  @ApiProperty({ example: 'raw_record_already_linked' })
  code!: string;

  @ApiProperty({ example: 'The raw record is linked to an asset already.' })
  message!: string;
}

export class PersistAssetsResponse {
  @ApiProperty({ example: 498 })
  total_created!: number;

  @ApiProperty({ example: 498 })
  total_linked!: number;

  @ApiProperty({ example: 2 })
  total_skipped!: number;

  @ApiProperty({ type: [ChunkOutcome] })
  chunks!: ChunkOutcome[];

  @ApiProperty({
    type: [ItemProblem],
    description: 'Skipped and failed items; each other one made an asset.',
  })
  items!: ItemProblem[];
}
