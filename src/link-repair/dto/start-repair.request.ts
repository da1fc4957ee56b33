import { ApiProperty } from '@nestjs/swagger';
import { Matches } from 'class-validator';

export class StartRepairRequest {
  @ApiProperty({
    pattern: '^[0-9a-f]{64}$',
    example: '5f0c2a916f7ac5e2a3f0c1d4b8e6079a1c2d3e4f5061728394a5b6c7d8e9f001',
    description: 'Of the plan that was read.',
  })
  @Matches(/^[0-9a-f]{64}$/, { message: 'must be the plan_hash of a plan, 64 hexadecimal digits' })
  plan_hash!: string;
}
