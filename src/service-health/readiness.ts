import { ApiProperty } from '@nestjs/swagger';

export class Readiness {
  @ApiProperty({ enum: ['ready', 'not_ready'] })
  status!: 'ready' | 'not_ready';

  @ApiProperty({ enum: ['up', 'down', 'unknown'] })
  database!: 'up' | 'down' | 'unknown';

  @ApiProperty({ enum: ['current', 'pending', 'unknown'] })
  migrations!: 'current' | 'pending' | 'unknown';

  @ApiProperty({ example: false })
  stopping!: boolean;
}
