import { ApiProperty } from '@nestjs/swagger';
import { Difference } from './run-conflict';

class SampleRow {
  @ApiProperty({ format: 'uuid' })
  raw_import_record_id!: string;

  @ApiProperty({ example: 17 })
  row_number!: number;
}

class CreatedSample extends SampleRow {
  @ApiProperty({ example: 'web-01' })
  name!: string | null;

  @ApiProperty({ example: 'server' })
  asset_type!: string;
}

class DuplicateSample extends SampleRow {
  @ApiProperty({ example: 'web-01' })
  name!: string | null;

  @ApiProperty({ example: 'hostname' })
  rule!: string;

  @ApiProperty({ format: 'uuid', nullable: true, type: String })
  matched_asset_id!: string | null;

  @ApiProperty({
    nullable: true,
    type: Number,
    example: 3,
    description: 'The earlier row of the file that would have made the asset.',
  })
  matched_row_number!: number | null;
}

class ConflictSample extends DuplicateSample {
  @ApiProperty({ type: [Difference] })
  differences!: Difference[];
}

class RejectedSample extends SampleRow {
  @ApiProperty({ example: 'missing_name' })
  error_code!: string;

  @ApiProperty()
  message!: string;
}

class PreviewSamples {
  @ApiProperty({ type: [CreatedSample] })
  created!: CreatedSample[];

  @ApiProperty({ type: [DuplicateSample] })
  duplicates!: DuplicateSample[];

  @ApiProperty({ type: [ConflictSample] })
  conflicts!: ConflictSample[];

  @ApiProperty({ type: [RejectedSample] })
  rejected!: RejectedSample[];
}

/** What a run would do now. Rows that only the database would refuse cannot be foreseen. */
export class RunPreview {
  @ApiProperty({ example: true })
  dry_run!: true;

  @ApiProperty({ example: 1200, description: 'Pending valid rows.' })
  total_records!: number;

  @ApiProperty({ example: 1150, description: 'Assets that would be made.' })
  created!: number;

  @ApiProperty({ example: 1150, description: 'Always equals created.' })
  linked!: number;

  @ApiProperty({ example: 40 })
  duplicates!: number;

  @ApiProperty({ example: 8 })
  conflicts!: number;

  @ApiProperty({ example: 2 })
  rejected!: number;

  @ApiProperty({ example: 3 })
  chunks_total!: number;

  @ApiProperty({ description: 'The first few rows of each fate.' })
  samples!: PreviewSamples;
}
