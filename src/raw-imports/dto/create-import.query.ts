import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { QueryFlag, QueryUuid } from '../../http/query-parameters';

export class CreateImportQuery {
  @ApiPropertyOptional({
    example: 'cmdb-export.csv',
    description: 'Name of the file when it is the raw body.',
  })
  @IsOptional()
  @IsString({ message: 'must be given once' })
  @MinLength(1, { message: 'must not be empty' })
  @MaxLength(255, { message: 'must be at most 255 characters' })
  filename?: string;

  @ApiPropertyOptional({ example: 'vInfo', description: 'XLSX: the sheet to read.' })
  @IsOptional()
  @IsString({ message: 'must be given once' })
  @MaxLength(255, { message: 'must be at most 255 characters' })
  sheet?: string;

  @ApiPropertyOptional({
    example: 'Hostname',
    description:
      'A column, by its header: rows with the same value in it become one record, with the value of each column where ' +
      'they agree and the different values, joined by "; ", where they do not.',
  })
  @IsOptional()
  @IsString({ message: 'must be given once' })
  @MinLength(1, { message: 'must not be empty' })
  @MaxLength(255, { message: 'must be at most 255 characters' })
  group_by?: string;

  @ApiPropertyOptional({
    example: 'rvtools-vinfo',
    description: 'The tool that wrote the file, or `generic`, when it is recognised wrongly.',
  })
  @IsOptional()
  @IsString({ message: 'must be given once' })
  source?: string;

  @QueryFlag('Import the same bytes once more.')
  force?: boolean;

  @QueryUuid(
    'The import whose corrected rejects the file brings. Without it a rejects file is recognised by its header and by ' +
      'the rows that it names.',
  )
  corrects?: string;
}
