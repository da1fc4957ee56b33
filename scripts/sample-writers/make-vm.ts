import type { OneOrMore, Random } from './random';

export interface Host {
  name: string;
  cluster: string;
  cores: number;
}

export interface Vm {
  id: string;
  uuid: string;
  name: string;
  isOn: boolean;
  /** What only a running guest tells. */
  guest: { dnsName: string; ip: string } | null;
  host: Host;
  system: string;
  firmware: string;
  cpus: number;
  memoryMib: number;
  disksMib: number[];
  network: string;
  environment: string;
  owner: string;
  annotation: string | null;
  createdAt: string;
}

const SYSTEMS: OneOrMore<string> = [
  'Microsoft Windows Server 2019 (64-bit)',
  'Microsoft Windows Server 2022 (64-bit)',
  'Red Hat Enterprise Linux 8 (64-bit)',
  'SUSE Linux Enterprise 15 (64-bit)',
  'Ubuntu Linux (64-bit)',
];
const PURPOSES: OneOrMore<string> = ['sap', 'tomcat', 'mssql', 'jump', 'batch', 'proxy'];
const ENVIRONMENTS: OneOrMore<string> = ['Production', 'Production', 'QA', 'Development'];
const OWNERS: OneOrMore<string> = ['Annette Huber', 'Korbinian Maier', 'Özlem Kaya'];
const ANNOTATIONS: OneOrMore<string | null> = [
  null,
  null,
  'Backup: daily',
  'Do not power off\nbefore month end',
];
const MIB_PER_GIB = 1024;

export function makeVm(random: Random, number: number, host: Host): Vm {
  const name = `muc-${random.pick(PURPOSES)}-${String(number).padStart(3, '0')}`;
  const system = random.pick(SYSTEMS);
  const isOn = random.chance(0.9);
  const cpus = random.pick([1, 2, 4, 8, 16]);
  return {
    id: `vm-${1000 + number}`,
    uuid: random.uuid(),
    name,
    isOn,
    guest: isOn
      ? {
          dnsName: `${name}.muc.beispiel-ag.example`,
          ip: `10.30.${Math.floor(number / 250)}.${4 + (number % 250)}`,
        }
      : null,
    host,
    system,
    firmware: system.includes('2022') ? 'efi' : 'bios',
    cpus,
    memoryMib: cpus * random.pick([2, 4, 8]) * MIB_PER_GIB,
    disksMib: Array.from(
      { length: random.pick([1, 1, 2, 3]) },
      () => random.pick([40, 80, 120, 500]) * MIB_PER_GIB,
    ),
    network: random.pick(['VLAN-210-Server', 'VLAN-220-DMZ']),
    environment: random.pick(ENVIRONMENTS),
    owner: random.pick(OWNERS),
    annotation: random.pick(ANNOTATIONS),
    createdAt: `202${random.integer(0, 4)}/0${random.integer(1, 9)}/1${random.integer(0, 9)} 08:00:00`,
  };
}
