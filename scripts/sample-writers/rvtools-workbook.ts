import { Workbook } from 'exceljs';
import { type Host, makeVm, type Vm } from './make-vm';
import type { OneOrMore, Random } from './random';
import { withFixedZipTimes } from './with-fixed-zip-times';

type Cell = string | number | null;
type Columns<Row> = Record<string, (row: Row) => Cell>;

const VMS = 699;
/** The VM whose name the vCenter has lost, with its datastore. */
const NAMELESS = 350;
/** The VM that someone has typed a note to, to the right of the table. */
const WITH_NOTE = 512;

const DATACENTER = 'MUC';
const VCENTER = 'vcenter.muc.beispiel-ag.example';
const EXPORTED_AT = '2025-03-01 06:00:00';

const HOSTS: OneOrMore<Host> = [
  { name: 'esx01.muc.beispiel-ag.example', cluster: 'MUC-PROD-01', cores: 64 },
  { name: 'esx02.muc.beispiel-ag.example', cluster: 'MUC-PROD-01', cores: 64 },
  { name: 'esx03.muc.beispiel-ag.example', cluster: 'MUC-PROD-01', cores: 64 },
  { name: 'esx11.muc.beispiel-ag.example', cluster: 'MUC-TEST-01', cores: 32 },
  { name: 'esx12.muc.beispiel-ag.example', cluster: 'MUC-TEST-01', cores: 32 },
];

/** Custom attributes of the vCenter, here `Environment` and `Owner`, come after the annotation. */
const V_INFO: Columns<Vm> = {
  VM: ({ name }) => name,
  Powerstate: ({ isOn }) => (isOn ? 'poweredOn' : 'poweredOff'),
  Template: () => 'False',
  'SRM Placeholder': () => 'False',
  'Config status': () => 'green',
  'DNS Name': ({ guest }) => guest?.dnsName ?? null,
  'Connection state': () => 'connected',
  'Guest state': ({ isOn }) => (isOn ? 'running' : 'notRunning'),
  Heartbeat: ({ isOn }) => (isOn ? 'green' : 'gray'),
  'Consolidation Needed': () => 'False',
  'Creation date': ({ createdAt }) => createdAt,
  CPUs: ({ cpus }) => cpus,
  Memory: ({ memoryMib }) => memoryMib,
  NICs: () => 1,
  Disks: ({ disksMib }) => disksMib.length,
  'Total disk capacity MiB': ({ disksMib }) => sum(disksMib),
  'Primary IP Address': ({ guest }) => guest?.ip ?? null,
  'Network #1': ({ network }) => network,
  'Resource pool': ({ host }) => `/${DATACENTER}/host/${host.cluster}/Resources`,
  Folder: ({ environment }) => `/${DATACENTER}/vm/${environment}`,
  // Thick disks and the swap file.
  'Provisioned MiB': ({ disksMib, memoryMib }) => sum(disksMib) + memoryMib,
  'In Use MiB': ({ disksMib }) => Math.round(sum(disksMib) * 0.6),
  'HA Restart Priority': () => 'medium',
  Firmware: ({ firmware }) => firmware,
  'HW version': () => 19,
  Path: ({ name }) => `[muc-vsan-01] ${name}/${name}.vmx`,
  Annotation: ({ annotation }) => annotation,
  Environment: ({ environment }) => environment,
  Owner: ({ owner }) => owner,
  Datacenter: () => DATACENTER,
  Cluster: ({ host }) => host.cluster,
  Host: ({ host }) => host.name,
  'OS according to the configuration file': ({ system }) => system,
  'OS according to the VMware Tools': ({ system, isOn }) => (isOn ? system : null),
  'VM ID': ({ id }) => id,
  'VM UUID': ({ uuid }) => uuid,
  'VI SDK Server type': () => 'VMware vCenter Server',
  'VI SDK API Version': () => '8.0.2.0',
  'VI SDK Server': () => VCENTER,
};

const V_DISK: Columns<{ vm: Vm; index: number }> = {
  VM: ({ vm }) => vm.name,
  Powerstate: ({ vm }) => (vm.isOn ? 'poweredOn' : 'poweredOff'),
  Template: () => 'False',
  Disk: ({ index }) => `Hard disk ${index + 1}`,
  'Disk Key': ({ index }) => 2000 + index,
  'Capacity MiB': ({ vm, index }) => vm.disksMib[index] ?? null,
  'Disk Mode': () => 'persistent',
  Thin: () => 'False',
  'Unit #': ({ index }) => index,
  Datacenter: () => DATACENTER,
  Cluster: ({ vm }) => vm.host.cluster,
  Host: ({ vm }) => vm.host.name,
  'VM ID': ({ vm }) => vm.id,
};

const V_HOST: Columns<Host> = {
  Host: ({ name }) => name,
  Datacenter: () => DATACENTER,
  Cluster: ({ cluster }) => cluster,
  'Config status': () => 'green',
  'CPU Model': () => 'Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz',
  Speed: () => 1995,
  '# CPU': () => 2,
  'Cores per CPU': ({ cores }) => cores / 2,
  '# Cores': ({ cores }) => cores,
  '# Memory': ({ cores }) => cores * 12 * 1024,
  'ESX Version': () => 'VMware ESXi 8.0.2 build-22380479',
  Vendor: () => 'Dell Inc.',
  Model: () => 'PowerEdge R750',
};

const V_META_DATA: Columns<null> = {
  'RVTools major version': () => '4.6',
  'RVTools version': () => '4.6.1.0',
  'xlsx creation datetime': () => EXPORTED_AT,
  Server: () => VCENTER,
};

/** A vCenter as RVTools 4 exports it, after a colleague has added a note beside the table and a line of sums below. */
export async function rvtoolsWorkbook(random: Random): Promise<Buffer> {
  const vms = Array.from({ length: VMS }, (_, i) => makeVm(random, i + 1, random.pick(HOSTS)));
  const disks = vms.flatMap((vm) => vm.disksMib.map((_, index) => ({ vm, index })));

  const workbook = new Workbook();
  workbook.creator = 'RVTools';
  workbook.created = workbook.modified = new Date(`${EXPORTED_AT.replace(' ', 'T')}Z`);
  const info = addSheet(workbook, 'vInfo', V_INFO, vms);
  addSheet(workbook, 'vDisk', V_DISK, disks);
  addSheet(workbook, 'vHost', V_HOST, HOSTS);
  addSheet(workbook, 'vMetaData', V_META_DATA, [null]);

  // The first row is the header.
  const lost = info.getRow(NAMELESS + 1);
  for (const column of ['VM', 'DNS Name', 'Primary IP Address', 'Path']) lost.getCell(column).value = null;
  lost.getCell('Connection state').value = 'inaccessible';
  info.getRow(WITH_NOTE + 1).getCell(info.columnCount + 2).value = 'bitte vor Ostern abschalten';
  info.addRow({ CPUs: sum(vms.map(({ cpus }) => cpus)), Memory: sum(vms.map(({ memoryMib }) => memoryMib)) });

  return withFixedZipTimes(Buffer.from(await workbook.xlsx.writeBuffer()));
}

function addSheet<Row>(workbook: Workbook, name: string, columns: Columns<Row>, rows: readonly Row[]) {
  const sheet = workbook.addWorksheet(name);
  sheet.columns = Object.keys(columns).map((header) => ({ header, key: header }));
  sheet.addRows(rows.map((row) => Object.values(columns).map((cell) => cell(row))));
  return sheet;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
