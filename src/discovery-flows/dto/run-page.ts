import { ApiProperty } from '@nestjs/swagger';
import { PageEnvelope } from '../../http/page';
import { RunResponse } from './run.response';

export class RunPage extends PageEnvelope {
  @ApiProperty({ type: [RunResponse] })
  data!: RunResponse[];
}
