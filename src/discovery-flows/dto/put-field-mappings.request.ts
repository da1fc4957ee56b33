import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { MAPPINGS_SCHEMA } from './mappings-schema';

export class PutFieldMappingsRequest {
  @ApiProperty({ ...MAPPINGS_SCHEMA, description: 'Replaces all mappings of the flow.' })
  @IsObject({ message: 'must be an object of source header to asset field' })
  field_mappings!: Record<string, unknown>;
}
