import { ApiProperty } from '@nestjs/swagger';
import { Asset } from '../assets/asset.entity';
import { DiscoveryFlow } from '../discovery-flows/discovery-flow.entity';
import { MasterFlow } from '../discovery-flows/master-flow.entity';
import { DataImport } from '../raw-imports/data-import.entity';
import { RawImportRecord } from '../raw-imports/raw-import-record.entity';

export class LinkState {
  @ApiProperty({ example: true, description: 'The pointer leads to a row of the tenant.' })
  forward!: boolean;

  @ApiProperty({ example: true, description: 'That row leads back here.' })
  backward!: boolean;

  @ApiProperty({ example: true, description: 'Both directions hold.' })
  holds!: boolean;
}

export class LineageLinks {
  @ApiProperty()
  raw_import_record!: LinkState;

  @ApiProperty()
  data_import!: LinkState;

  @ApiProperty()
  discovery_flow!: LinkState;

  @ApiProperty()
  master_flow!: LinkState;
}

/** An asset's way back to the file that it came from. What is missing is null, and its link does not hold. */
export class Lineage {
  @ApiProperty()
  asset!: Asset;

  @ApiProperty({ type: RawImportRecord, nullable: true })
  raw_import_record!: RawImportRecord | null;

  @ApiProperty({ type: DataImport, nullable: true })
  data_import!: DataImport | null;

  @ApiProperty({ type: DiscoveryFlow, nullable: true })
  discovery_flow!: DiscoveryFlow | null;

  @ApiProperty({ type: MasterFlow, nullable: true })
  master_flow!: MasterFlow | null;

  @ApiProperty()
  links!: LineageLinks;
}
