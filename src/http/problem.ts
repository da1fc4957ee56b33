import { ApiProperty } from '@nestjs/swagger';

class ProblemField {
  @ApiProperty({ example: 'discovered_assets[17].name' })
  field!: string;

  @ApiProperty({ example: 'must be a non-empty text' })
  message!: string;
}

/** RFC 9457 problem details: every error answer, `application/problem+json`. */
export class Problem {
  @ApiProperty({ example: 'about:blank' })
  type!: string;

  @ApiProperty({ example: 'Bad Request' })
  title!: string;

  @ApiProperty({ example: 400 })
  status!: number;

  @ApiProperty({ example: 'page_size: must be at most 200' })
  detail!: string;

  @ApiProperty({ example: '/api/v1/unified-discovery/assets' })
  instance!: string;

  @ApiProperty({ example: '01935c9e-7b1a-7c3e-9d44-0a6f5f1c2b3d' })
  request_id!: string;

  @ApiProperty({
    type: [ProblemField],
    required: false,
    description: 'For validation errors: each wrong field.',
  })
  errors?: ProblemField[];
}
