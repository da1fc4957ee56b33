import { ApiProperty } from '@nestjs/swagger';
import { PageEnvelope } from '../../http/page';
import { AuditEvent } from '../audit-event.entity';

export class AuditEventPage extends PageEnvelope {
  @ApiProperty({ type: [AuditEvent] })
  data!: AuditEvent[];
}
