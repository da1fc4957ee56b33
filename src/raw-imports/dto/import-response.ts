import { ApiProperty } from '@nestjs/swagger';
import { ASSET_FIELDS } from '../../field-mapping/asset-fields';
import { MATCH_TYPES, type SuggestedFieldMapping } from '../../field-mapping/suggested-field-mapping';
import { PageEnvelope } from '../../http/page';
import { DataImport } from '../data-import.entity';

class Suggestion implements SuggestedFieldMapping {
  @ApiProperty({ example: 'RAM (GB)' })
  source_field!: string;

  @ApiProperty({ enum: Object.keys(ASSET_FIELDS), example: 'memory_gb' })
  target_field!: SuggestedFieldMapping['target_field'];

  @ApiProperty({
    example: 0.95,
    minimum: 0,
    maximum: 1,
    description: 'From 0.8 a flow approves it by itself.',
  })
  confidence_score!: number;

  @ApiProperty({
    enum: MATCH_TYPES,
    example: 'unit',
    description:
      '`profile`: the source is known to name it so. `value`: the header says nothing, the cells do. ' +
      '`learned`: this tenant approved it for the source and header.',
  })
  match_type!: SuggestedFieldMapping['match_type'];

  @ApiProperty({ example: 'unit GB in header', description: 'What made the suggestion.' })
  rule!: string;

  @ApiProperty({
    type: [String],
    example: ['header is a synonym "ram"', '12 of 12 cells are amounts of memory'],
    description: 'What speaks for it and against it.',
  })
  evidence!: string[];
}

export class ImportResponse extends DataImport {
  @ApiProperty({ type: [Suggestion], description: 'At most one, the best, per source field.' })
  suggested_field_mappings!: Suggestion[];
}

export class CreatedImportResponse extends ImportResponse {
  @ApiProperty({
    example: false,
    description: 'True when the same bytes were imported before: this is that import.',
  })
  duplicate!: boolean;
}

export class ImportPage extends PageEnvelope {
  @ApiProperty({ type: [DataImport] })
  data!: DataImport[];
}
