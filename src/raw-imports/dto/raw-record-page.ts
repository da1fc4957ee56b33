import { ApiProperty } from '@nestjs/swagger';
import { PageEnvelope } from '../../http/page';
import { RawImportRecord } from '../raw-import-record.entity';

export class RawRecordPage extends PageEnvelope {
  @ApiProperty({ type: [RawImportRecord] })
  data!: RawImportRecord[];
}
