import { ApiProperty } from '@nestjs/swagger';
import { PageEnvelope } from '../../http/page';
import { WiringHealthHour } from '../wiring-health-hour.entity';

export class WiringHealthHistoryPage extends PageEnvelope {
  @ApiProperty({ type: [WiringHealthHour] })
  data!: WiringHealthHour[];
}
