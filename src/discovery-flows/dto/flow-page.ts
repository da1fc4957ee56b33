import { ApiProperty } from '@nestjs/swagger';
import { PageEnvelope } from '../../http/page';
import { DiscoveryFlow } from '../discovery-flow.entity';

export class FlowPage extends PageEnvelope {
  @ApiProperty({ type: [DiscoveryFlow] })
  data!: DiscoveryFlow[];
}
