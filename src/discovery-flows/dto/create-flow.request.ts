import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, IsUUID, Matches, MaxLength } from 'class-validator';
import { OwnNames } from '../../http/own-names';
import { MAPPINGS_SCHEMA } from './mappings-schema';

export class CreateFlowRequest {
  @ApiProperty({ example: 'CMDB Frankfurt', maxLength: 255 })
  @IsString({ message: 'must be a text' })
  @Matches(/^(?=.*\S)\P{Cc}*$/u, { message: 'must hold more than blanks, and no control characters' })
  @MaxLength(255, { message: 'must be at most 255 characters' })
  flow_name!: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('all', { message: 'must be a UUID' })
  data_import_id?: string;

  @ApiPropertyOptional({
    ...MAPPINGS_SCHEMA,
    description: "Without it the import's confident suggestions are approved.",
  })
  @IsOptional()
  @OwnNames()
  @IsObject({ message: 'must be an object of source header to asset field' })
  field_mappings?: Record<string, unknown>;
}
