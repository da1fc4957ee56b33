import { ApiProperty } from '@nestjs/swagger';
import { PageEnvelope } from '../../http/page';
import { Asset } from '../asset.entity';

export class AssetPage extends PageEnvelope {
  @ApiProperty({ type: [Asset] })
  data!: Asset[];
}
