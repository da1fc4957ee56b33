import { ApiProperty } from '@nestjs/swagger';
import { CONFLICT_POLICIES } from '../../asset-identity/conflict-policy';
import { PageEnvelope } from '../../http/page';
import type { RowDifference } from '../../raw-imports/raw-import-record.entity';

export class Difference implements RowDifference {
  @ApiProperty({ example: 'memory_gb', description: 'An asset field, or `custom_attributes.<header>`.' })
  field!: string;

  @ApiProperty({ example: 'RAM (GB)', description: 'The header whose cell differs.' })
  column!: string;

  @ApiProperty({ nullable: true, oneOf: [{ type: 'string' }, { type: 'number' }], example: 16 })
  existing!: string | number | null;

  @ApiProperty({ oneOf: [{ type: 'string' }, { type: 'number' }], example: 32 })
  incoming!: string | number;

  @ApiProperty({
    enum: ['kept', 'filled', 'replaced'],
    example: 'kept',
    description: 'What became of the asset.',
  })
  outcome!: RowDifference['outcome'];
}

export class RunConflict {
  @ApiProperty({ format: 'uuid' })
  raw_import_record_id!: string;

  @ApiProperty({ example: 17 })
  row_number!: number;

  @ApiProperty({ format: 'uuid', nullable: true, type: String })
  matched_asset_id!: string | null;

  @ApiProperty({
    nullable: true,
    type: String,
    example: 'web-01',
    description: 'As the asset is called now.',
  })
  asset_name!: string | null;

  @ApiProperty({ example: 'hostname', description: 'The part of the identity rule that found the asset.' })
  rule!: string;

  @ApiProperty({ example: 1, description: 'Assets that it found; where there are several none is changed.' })
  candidates!: number;

  @ApiProperty({ enum: CONFLICT_POLICIES, example: 'keep_existing' })
  conflict_policy!: string;

  @ApiProperty({ type: [Difference] })
  differences!: Difference[];
}

export class RunConflictPage extends PageEnvelope {
  @ApiProperty({ type: [RunConflict] })
  data!: RunConflict[];
}
