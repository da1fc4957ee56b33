import { ApiProperty } from '@nestjs/swagger';
import { DiscoveryRun } from '../discovery-run.entity';

export class RunResponse extends DiscoveryRun {
  @ApiProperty({
    nullable: true,
    type: Number,
    example: 430.5,
    description: 'Decided rows per second of work, pauses not counted; null while nothing is known.',
  })
  rows_per_second!: number | null;

  @ApiProperty({
    nullable: true,
    type: 'integer',
    example: 12,
    description: 'Of work, for the pending rows at that rate; null while unknown, 0 when the run has ended.',
  })
  seconds_left!: number | null;
}
