import type { OneOrMore, Random } from './random';

const LINES = 500;

interface Instance {
  type: string;
  cores: number;
  /** What the kernel leaves of the nominal size, as `free -h` prints it. */
  memory: string;
}

const INSTANCES: OneOrMore<Instance> = [
  { type: 't3.small', cores: 2, memory: '1.9 GiB' },
  { type: 'm6i.large', cores: 2, memory: '7.6 GiB' },
  { type: 'm6i.xlarge', cores: 4, memory: '15.3 GiB' },
  { type: 'r6i.2xlarge', cores: 8, memory: '61.2 GiB' },
  { type: 'r6i.8xlarge', cores: 32, memory: '247.6 GiB' },
  { type: 't4g.nano', cores: 2, memory: '412 MiB' },
];

const SYSTEMS: OneOrMore<{ name: string; version: string; kernel: string }> = [
  { name: 'Amazon Linux 2023', version: '2023.5', kernel: '6.1.94-99.176.amzn2023' },
  { name: 'Amazon Linux 2', version: '2', kernel: '4.14.348-265.565.amzn2' },
  { name: 'Ubuntu 22.04.4 LTS', version: '22.04', kernel: '6.5.0-1022-aws' },
  { name: 'Microsoft Windows Server 2022 Datacenter', version: '10.0.20348', kernel: '10.0.20348.2527' },
];

const REGIONS: OneOrMore<string> = ['eu-central-1', 'eu-central-1', 'eu-west-1', 'us-east-1'];
const ENVIRONMENTS: OneOrMore<string> = ['prod', 'prod', 'stage', 'dev', 'qa', 'sandbox'];
const APPLICATIONS: OneOrMore<string> = ['claims-api', 'quote-engine', 'document-store', 'batch-rating'];
const OWNERS: OneOrMore<string> = ['Team Schadenplattform', 'Team Prämie', 'Team Außendienst'];
const DISKS: OneOrMore<string> = ['8 GiB', '100 GiB', '500 GiB', '1.5 TiB'];

/** What is wrong with some lines, by their number. `samples/README.md` says what becomes of each. */
const FAULTS: Record<number, (line: string) => string> = {
  61: (line) => line.slice(0, 240),
  144: () => '2025-03-02T04:11:09Z WARN facts: provider "packages" timed out after 30s',
  190: (line) => `[${line}]`,
  275: (line) => line.replace('"region":', '"hostname":"ip-10-40-0-1","region":'),
  333: (line) => line.replace(/"owner":"[^"]*"/, '"owner":"Team Pr\\ud83dmie"'),
  389: (line) => line.replace(/"owner":"[^"]*"/, '"owner":"Team Au\u00ffendienst"'),
  420: (line) => line.replace(/"(hostname|fqdn|ipaddress)":"[^"]*"/g, '"$1":null'),
  466: (line) => line.replace(/\}$/, ',}'),
};

const IN_LATIN1 = 389;
const BEFORE_EMPTY_LINE = 250;

/** What an agent on each machine reports, one JSON object a line. UTF-8, but for one line. */
export function agentNdjson(random: Random): Buffer {
  const lines: Buffer[] = [];
  for (let number = 1; number <= LINES; number++) {
    const line = JSON.stringify(makeReport(random, number));
    const written = FAULTS[number]?.(line) ?? line;
    lines.push(Buffer.from(`${written}\n`, number === IN_LATIN1 ? 'latin1' : 'utf8'));
    if (number === BEFORE_EMPTY_LINE) lines.push(Buffer.from('\n'));
  }
  return Buffer.concat(lines);
}

function makeReport(random: Random, number: number): object {
  const instance = random.pick(INSTANCES);
  const region = random.pick(REGIONS);
  const ip = `10.40.${Math.floor(number / 250)}.${4 + (number % 250)}`;
  const hostname = `ip-${ip.replaceAll('.', '-')}`;
  const interfaces = [
    { name: 'lo', ipv4: '127.0.0.1/8' },
    { name: 'eth0', ipv4: `${ip}/20`, mac: mac(random) },
  ];
  return {
    agent: { version: '3.14.2', seen_at: `2025-03-02T04:${10 + (number % 50)}:07Z` },
    hostname,
    fqdn: `${hostname}.${region}.compute.internal`,
    ipaddress: ip,
    os: random.pick(SYSTEMS),
    cpu: { cores: instance.cores, architecture: instance.type.startsWith('t4g') ? 'arm64' : 'x86_64' },
    memory: { total: instance.memory, used_percent: random.integer(5, 97) },
    disk: { total: random.pick(DISKS) },
    network: { interfaces },
    instance: { id: `i-0${random.hex(16)}`, type: instance.type },
    region,
    environment: random.pick(ENVIRONMENTS),
    application: random.pick(APPLICATIONS),
    owner: random.pick(OWNERS),
    tags: { CostCenter: `KST-${random.integer(4000, 4099)}`, Backup: random.chance(0.7) },
  };
}

function mac(random: Random): string {
  return ['02', ...Array.from({ length: 5 }, () => random.hex(2))].join(':');
}
