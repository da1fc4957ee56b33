import { ApiProperty } from '@nestjs/swagger';
import { PageEnvelope } from '../../http/page';

class RejectError {
  @ApiProperty({ nullable: true, type: String })
  column!: string | null;

  @ApiProperty({ nullable: true, type: String })
  value!: string | null;

  @ApiProperty()
  code!: string;

  @ApiProperty()
  message!: string;
}

/** A rejected row and its first error; `errors` has every one. */
export class Reject {
  @ApiProperty({ format: 'uuid' })
  raw_import_record_id!: string;

  @ApiProperty({ example: 17 })
  row_number!: number;

  @ApiProperty({ nullable: true, type: String, example: 'Hostname' })
  column!: string | null;

  @ApiProperty({ nullable: true, type: String, example: '' })
  value!: string | null;

  @ApiProperty({ example: 'missing_name' })
  error_code!: string;

  @ApiProperty({ example: 'The row has neither a name nor a host name, an FQDN or an IP address.' })
  message!: string;

  @ApiProperty({
    nullable: true,
    type: String,
    format: 'uuid',
    description: 'The row of a later import that replaced this one.',
  })
  corrected_by!: string | null;

  @ApiProperty({ type: [RejectError] })
  errors!: RejectError[];
}

export class RejectPage extends PageEnvelope {
  @ApiProperty({ type: [Reject] })
  data!: Reject[];
}
