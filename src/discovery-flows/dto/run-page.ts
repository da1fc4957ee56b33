import { ApiProperty } from '@nestjs/swagger';
import { PageEnvelope } from '../../http/page';
import { DiscoveryRun } from '../discovery-run.entity';

export class RunPage extends PageEnvelope {
  @ApiProperty({ type: [DiscoveryRun] })
  data!: DiscoveryRun[];
}
