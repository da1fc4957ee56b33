import { ApiProperty } from '@nestjs/swagger';
import { IsObject } from 'class-validator';
import { OwnNames } from '../../http/own-names';
import { MAPPINGS_SCHEMA } from './mappings-schema';

export class PutFieldMappingsRequest {
  @ApiProperty({ ...MAPPINGS_SCHEMA, description: 'Replaces all mappings of the flow.' })
  @OwnNames()
  @IsObject({ message: 'must be an object of source header to asset field' })
  field_mappings!: Record<string, unknown>;
}
