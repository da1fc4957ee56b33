import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsNumber,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { applyDecorators } from '@nestjs/common';
import { ASSET_TYPES } from '../../field-mapping/asset-words';
import { MaxJsonLength } from '../../http/max-json-length';
import { MaxNames } from '../../http/max-names';
import { OwnNames } from '../../http/own-names';

/** As many columns as a file may have. */
const MAX_ATTRIBUTES = 4096;
/** As long as a cell of a file may be. */
const MAX_ATTRIBUTES_CHARS = 1024 * 1024;

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
const STORABLE = /^[^\0\p{Cs}]*$/u;

function OptionalText(maximum = 10_000): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: String, nullable: true, maxLength: maximum }),
    IsOptional(),
    IsString({ message: 'must be a text' }),
    MaxLength(maximum, { message: `must be at most ${maximum} characters` }),
    Matches(STORABLE, { message: 'holds characters that cannot be stored' }),
  );
}

function OptionalQuantity(description: string): PropertyDecorator {
  return applyDecorators(
    ApiPropertyOptional({ type: Number, nullable: true, minimum: 0, description }),
    IsOptional(),
    IsNumber({}, { message: 'must be a number' }),
    Min(0, { message: 'must not be negative' }),
  );
}

export class DiscoveredAssetRequest {
  @ApiProperty({ example: 'web-01' })
  @IsString({ message: 'must be a text' })
  @Matches(/\S/, { message: 'must not be empty' })
  @MaxLength(10_000, { message: 'must be at most 10000 characters' })
  @Matches(STORABLE, { message: 'holds characters that cannot be stored' })
  name!: string;

  @ApiProperty({ enum: ASSET_TYPES, example: 'server', description: 'In any case; synonyms are understood.' })
  @IsString({ message: 'must be a text' })
  @MaxLength(255, { message: 'must be at most 255 characters' })
  asset_type!: string;

  @ApiPropertyOptional({ format: 'uuid', nullable: true, type: String })
  @IsOptional()
  @IsUUID('all', { message: 'must be a UUID' })
  raw_import_record_id?: string | null;

  @OptionalText()
  hostname?: string | null;

  @OptionalText()
  fqdn?: string | null;

  @OptionalText()
  ip_address?: string | null;

  @OptionalText()
  environment?: string | null;

  @OptionalText()
  operating_system?: string | null;

  @OptionalQuantity('Cores.')
  cpu_cores?: number | null;

  @OptionalQuantity('In GiB.')
  memory_gb?: number | null;

  @OptionalQuantity('In GiB.')
  storage_gb?: number | null;

  @OptionalText()
  location?: string | null;

  @OptionalText()
  business_owner?: string | null;

  @OptionalText()
  technical_owner?: string | null;

  @OptionalText()
  application_name?: string | null;

  @OptionalText()
  criticality?: string | null;

  @OptionalText()
  status?: string | null;

  @OptionalText()
  serial_number?: string | null;

  @OptionalText()
  description?: string | null;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, example: { rack: 'R12' } })
  @IsOptional()
  @OwnNames()
  @IsObject({ message: 'must be an object' })
  @MaxNames(MAX_ATTRIBUTES, { message: `must hold at most ${MAX_ATTRIBUTES} names` })
  @MaxJsonLength(MAX_ATTRIBUTES_CHARS, {
    message: `must be at most ${MAX_ATTRIBUTES_CHARS} characters of JSON`,
  })
  custom_attributes?: Record<string, unknown>;
}

export class PersistAssetsRequest {
  @ApiProperty({ type: [DiscoveredAssetRequest], maxItems: 10_000 })
  @IsArray({ message: 'must be a list' })
  @ArrayMinSize(1, { message: 'must hold at least one asset' })
  @ArrayMaxSize(10_000, { message: 'must hold at most 10000 assets' })
  @ValidateNested({ each: true })
  @Type(() => DiscoveredAssetRequest)
  discovered_assets!: DiscoveredAssetRequest[];
}
