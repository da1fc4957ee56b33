import { Module } from '@nestjs/common';
import { LinkRepairs } from './link-repairs.service';
import { RepairRequests } from './repair-requests.service';
import { RepairTask } from './repair-task.service';
import { RepairsController } from './repairs.controller';

@Module({ controllers: [RepairsController], providers: [LinkRepairs, RepairRequests, RepairTask] })
export class LinkRepairModule {}
