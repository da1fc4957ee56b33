import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { QueryFlag, QueryUuid, QueryWord } from '../../http/query-parameters';

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
    example: '3',
    description:
      'CSV, TSV, XLSX: the line of the column names, or `none` where the file has none; the columns are then called ' +
      '`column_1` and so on.',
  })
  @IsOptional()
  @Matches(/^(?:none|[1-9]\d{0,5})$/, { message: 'must be none or the number of a line' })
  header?: string;

  @ApiPropertyOptional({
    example: 'semicolon',
    description: 'Delimited text: one character, or `comma`, `semicolon`, `tab` or `pipe`.',
  })
  @IsOptional()
  @IsString({ message: 'must be given once' })
  @MaxLength(20, { message: 'must be at most 20 characters' })
  delimiter?: string;

  @ApiPropertyOptional({ example: 'windows-1250', description: 'Text: the encoding, by its WHATWG name.' })
  @IsOptional()
  @IsString({ message: 'must be given once' })
  @MaxLength(40, { message: 'must be at most 40 characters' })
  encoding?: string;

  @QueryWord(['keep'], 'CSV, TSV, XLSX: lines below the table such as `Row count: 20` are records too.')
  footer?: string;

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
  @MaxLength(255, { message: 'must be at most 255 characters' })
  source?: string;

  @QueryFlag('Import the same bytes once more.')
  force?: boolean;

  @QueryUuid(
    'The import whose corrected rejects the file brings. Without it a rejects file is recognised by its header and by ' +
      'the rows that it names.',
  )
  corrects?: string;
}
