import { Module } from '@nestjs/common';
import { DataImportsController } from './data-imports.controller';
import { ImportFileService } from './import-file.service';
import { RawImportRecordsController } from './raw-import-records.controller';
import { RawImportsService } from './raw-imports.service';

@Module({
  controllers: [DataImportsController, RawImportRecordsController],
  providers: [ImportFileService, RawImportsService],
})
export class RawImportsModule {}
