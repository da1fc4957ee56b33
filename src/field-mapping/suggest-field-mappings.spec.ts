import fc from 'fast-check';
import { CONFIDENT_SCORE } from './confident-score';
import { suggestFieldMappings } from './suggest-field-mappings';

/** The suggestions for a table of columns with their cells, as `source -> target`, confident ones only. */
function confident(table: Record<string, readonly string[]>): string[] {
  return suggestions(table)
    .filter(({ confidence_score }) => confidence_score >= CONFIDENT_SCORE)
    .map(({ source_field, target_field }) => `${source_field} -> ${target_field}`);
}

function suggestions(table: Record<string, readonly string[]>) {
  const length = Math.max(0, ...Object.values(table).map((cells) => cells.length));
  const samples = Array.from({ length }, (_, row) =>
    Object.fromEntries(Object.entries(table).map(([header, cells]) => [header, cells[row] ?? ''])),
  );
  return suggestFieldMappings(Object.keys(table), samples);
}

describe('suggestFieldMappings', () => {
  it.each([
    ['name', 'name'],
    ['Server Name', 'name'],
    ['VM', 'name'],
    ['Machine name', 'name'],
    ['ObjektName', 'name'],
    ['Hostname', 'hostname'],
    ['Host Name', 'hostname'],
    ['server_fqdn', 'fqdn'],
    ['Primary IP Address', 'ip_address'],
    ['IP-Adresse', 'ip_address'],
    ['IPAddress', 'ip_address'],
    ['Betriebssystem', 'operating_system'],
    ['Umgebung', 'environment'],
    ['Standort', 'location'],
    ['Datacenter', 'location'],
    ['Arbeitsspeicher', 'memory_gb'],
    ['Hauptspeicher (GB)', 'memory_gb'],
    ['Memory (MiB)', 'memory_gb'],
    ['memoryMB', 'memory_gb'],
    ['Provisioned MB', 'storage_gb'],
    ['Disk size (GB)', 'storage_gb'],
    ['Anzahl CPUs', 'cpu_cores'],
    ['vCPUs', 'cpu_cores'],
    ['Seriennummer', 'serial_number'],
    ['Kritikalität', 'criticality'],
    ['Beschreibung', 'description'],
    ['Owner', 'business_owner'],
    ['Technischer Ansprechpartner', 'technical_owner'],
    ['Anwendung', 'application_name'],
    ['Objekttyp', 'asset_type'],
    ['Migration status', 'status'],
  ])('recognises %s by its header alone', (header, field) => {
    expect(confident({ [header]: [] })).toEqual([`${header} -> ${field}`]);
  });

  it.each([
    ['Nom du serveur', 'name'],
    ["Nom d'hôte", 'hostname'],
    ['Adresse IP', 'ip_address'],
    ["Système d'exploitation", 'operating_system'],
    ['Nombre de vCPU', 'cpu_cores'],
    ['Mémoire (Go)', 'memory_gb'],
    ['Espace disque (To)', 'storage_gb'],
    ['Environnement', 'environment'],
    ['N° de série', 'serial_number'],
    ['Criticité', 'criticality'],
    ['Propriétaire', 'business_owner'],
    ['Nombre del servidor', 'name'],
    ['Dirección IP', 'ip_address'],
    ['Sistema operativo', 'operating_system'],
    ['Núcleos de CPU', 'cpu_cores'],
    ['Memoria RAM (GB)', 'memory_gb'],
    ['Almacenamiento (GB)', 'storage_gb'],
    ['Entorno', 'environment'],
    ['Ubicación', 'location'],
    ['Responsable técnico', 'technical_owner'],
    ['Descripción', 'description'],
    ['# of CPUs', 'cpu_cores'],
    ['Number of virtual CPUs', 'cpu_cores'],
    ['Server Name (short)', 'name'],
    ['summary.config.name', 'name'],
    ['networking.hostname', 'hostname'],
    ['ansible_facts.ansible_memtotal_mb', 'memory_gb'],
    ['site.name', 'location'],
  ])('recognises %s, in whatever language or path', (header, field) => {
    expect(confident({ [header]: [] })).toEqual([`${header} -> ${field}`]);
  });

  it.each([
    'Full Name',
    'Username',
    'Model name',
    'Folder name',
    'First name',
    'File name',
    'Group Name',
    'Resource Group Name',
    'Product Name',
    'Cluster',
    'Powerstate',
    'VM Host',
    'VM ID',
    'Machine ID',
    'Disks',
    'Total Disks',
    'CPU Usage %',
    'Memory usage %',
    'CPU Model',
    'Active Memory',
    'Video Ram KiB',
    'Consumed MiB',
    'OS version',
    'Destination IP',
    'Source server name',
    'Lizenz - Seriennummer',
    'Checked Out To: Location',
    'Monthly Storage Cost Estimate',
    'instanceType',
    'Asset Tag',
    'MAC Address',
    'IPv6 Address',
    '',
    '#',
    'VM Host Name',
    'Server count',
    'Name server',
    'CPU (MHz)',
    'Nombre de serveurs',
    'content.versionprovider.name',
    'operatingsystem.timezone.name',
    'constructor',
    '__proto__',
  ])('is not confident of %j', (header) => {
    expect(confident({ [header]: [] })).toEqual([]);
    expect(confident({ [header]: ['text', '7', '8.5'] })).toEqual([]);
  });

  it.each([
    ['Domain', ['web-01.example.com', 'web-02.example.com'], 'fqdn'],
    ['Domain', ['example.com', 'example.com', 'example.com'], null],
    ['Domain', ['example.com'], null],
    ['DNS Name', ['web-01.example.com', 'web-02.example.com'], 'fqdn'],
    ['DNS Name', ['web-01.example.com', 'web-01.example.com', 'web-01.example.com'], 'fqdn'],
    ['DNS Name', ['web-01', 'web-02'], 'hostname'],
    ['Address', ['10.0.0.1', '[fe80::1];'], 'ip_address'],
    ['Address', ['1 High Street', '2 High Street'], null],
    ['IP', ['yes', 'no'], null],
    ['Hostname', ['Room 7, first rack', 'Room 8, first rack'], null],
    ['Lifecycle', ['DEV', 'PROD'], 'environment'],
    ['Lifecycle', ['DEV', 'PROD', 'Active', 'Retired', 'Broken'], null],
    ['Lifecycle', ['Active', 'Retired'], null],
    ['Status', ['Migrated', 'Planned'], 'status'],
    ['Status', ['Active', 'In use'], null],
    ['Type', ['Router', 'Firewall'], 'asset_type'],
    ['Type', ['m4.large', 't3.micro'], null],
    ['ServerRole', ['Application Server'], 'asset_type'],
    ['Platform', ['Windows', 'RHEL 8'], 'operating_system'],
    ['Platform', ['x86_64'], null],
    ['CPU', ['2', '4'], 'cpu_cores'],
    ['CPU', ['Intel Xeon Gold', 'AMD EPYC'], null],
    ['Total CPU', ['76800'], null],
    ['Disk', ['C:\\', '/var'], null],
    ['Disks (GB)', ['40', '80'], 'storage_gb'],
    ['Disks', ['40 GB', '80 GB'], 'storage_gb'],
    ['Disks', ['2', '1'], null],
    ['Disk (used / total)', ['12.5 GB / 40 GB'], 'storage_gb'],
    ['RAM', ['4 GB', '61.2 GiB'], 'memory_gb'],
    ['RAM', ['yes', 'no'], null],
    ['Cores', ['N/A', '-1', '-1', '4'], 'cpu_cores'],
    ['Hostname (GB)', ['web-01'], null],
  ])('lets the cells of %s decide: %j', (header, cells, field) => {
    expect(confident({ [header]: cells })).toEqual(field === null ? [] : [`${header} -> ${field}`]);
  });

  it('goes by the cells alone where the header says nothing', () => {
    const addresses = ['10.0.0.1', '10.0.0.2', '10.0.0.3'];
    expect(suggestions({ Zugang: addresses })).toEqual([
      {
        source_field: 'Zugang',
        target_field: 'ip_address',
        confidence_score: 0.82,
        match_type: 'value',
        rule: 'values',
        evidence: ['3 of 3 cells are IP addresses'],
      },
    ]);
    expect(confident({ Zugang: addresses.slice(1) })).toEqual([]);
    expect(confident({ Zugang: addresses.map(() => '10.0.0.1') })).toEqual([]);
    expect(confident({ 'Default gateway': addresses, 'VM Host': addresses, 'DNS 1': addresses })).toEqual([]);
    expect(confident({ IP: addresses, Zugang: addresses })).toEqual(['IP -> ip_address']);
    expect(confident({ Software: addresses.map(() => 'Windows Server 2019') })).toEqual([]);
    expect(confident({ Wert: ['1', '2', '3', '4', '5'] })).toEqual([]);
    expect(confident({ Phase: ['prod', 'dev', 'prod', 'test', 'QA'] })).toEqual(['Phase -> environment']);
  });

  it('takes a node or a device for a machine where nothing else names one', () => {
    const Node = ['web-01', 'web-02', 'web-03'];
    expect(confident({ Node })).toEqual(['Node -> name']);
    expect(confident({ Node, Device: Node })).toEqual(['Node -> name']);
    expect(confident({ Node: ['web-01', 'web-01', 'web-03'] })).toEqual([]);
    expect(confident({ Node: ['1', '2', '3'] })).toEqual([]);
    expect(confident({ Node, Hostname: Node })).toEqual(['Hostname -> hostname']);
  });

  it('takes Host for the hypervisor beside a column of machines, and for the machine otherwise', () => {
    const Host = ['esx-01.example.com', 'esx-02.example.com'];
    expect(confident({ VM: ['web-01', 'web-02'], Host })).toEqual(['VM -> name']);
    expect(suggestions({ VM: ['web-01', 'web-02'], Host })).toHaveLength(1);
    expect(confident({ Server: ['web-01', 'web-02'], Host })).toEqual(['Server -> name']);
    expect(confident({ Device: ['a', 'b'], Host })).toEqual(['Host -> hostname']);
  });

  it('takes Name for a person beside the attributes of one', () => {
    expect(suggestions({ Name: ['Ada Lovelace'], Email: ['ada@example.com'] })).toEqual([]);
    expect(confident({ Name: ['web-01'], Email: ['ada@example.com'], RAM: ['8'] })).toContain('Name -> name');
    expect(confident({ 'Server Name': ['web-01'], Email: ['ada@example.com'] })).toEqual([
      'Server Name -> name',
    ]);
    expect(confident({ Name: ['web-01'], 'Checked Out To: Email': [''] })).toEqual(['Name -> name']);
  });

  it('takes Name for what it names in lists of weaknesses, applications and products', () => {
    expect(
      confident({ Host: ['10.0.0.1'], Name: ['SSH weak'], CVE: ['CVE-2020-1'], Description: ['x'] }),
    ).toEqual(['Host -> ip_address']);
    expect(confident({ Host: ['web-01'], Name: ['SSH weak'], Port: ['22'], Severity: ['High'] })).toEqual([
      'Host -> hostname',
    ]);
    expect(confident({ 'App ID': ['7'], Name: ['SAP'], Vendor: ['SAP'] })).toEqual([
      'Name -> application_name',
    ]);
    expect(confident({ 'App ID': ['7'], Name: ['web-01'], IP: ['10.0.0.1'] })).toEqual([
      'Name -> name',
      'IP -> ip_address',
    ]);
    expect(confident({ 'Virtual Machine': ['A1 v2'], Series: ['Av2'], vCPUs: ['1'] })).toEqual([
      'vCPUs -> cpu_cores',
    ]);
  });

  it('prefers the system that runs to the one configured, unless nothing runs', () => {
    const tools = 'OS according to the VMware Tools';
    const config = 'OS according to the configuration file';
    expect(confident({ [config]: ['Ubuntu'], [tools]: ['Ubuntu'] })).toEqual([
      `${tools} -> operating_system`,
    ]);
    expect(confident({ [config]: ['Ubuntu'], [tools]: [''] })).toEqual([`${config} -> operating_system`]);
  });

  it('is confident of the first of equals, and offers the others', () => {
    expect(suggestions({ 'Server Name': ['a'], 'VM Name': ['b'], 'Machine Name': ['c'] })).toMatchObject([
      { source_field: 'Server Name', confidence_score: 0.92 },
      { source_field: 'VM Name', confidence_score: 0.75 },
      { source_field: 'Machine Name', confidence_score: 0.75 },
    ]);
  });

  it('does not trust serial numbers that a spreadsheet has rounded', () => {
    expect(suggestions({ Serial: ['6.37702E+15', '5.02E+18', '7CZ1'] })).toMatchObject([
      {
        target_field: 'serial_number',
        confidence_score: 0.6,
        evidence: [
          'header is a synonym "serial"',
          '2 of 3 cells are numbers that a spreadsheet has rounded, such as 6.37702E+15',
        ],
      },
    ]);
  });

  it('says how it came to a suggestion', () => {
    expect(
      suggestions({ 'Operating System': ['Debian'], 'Server RAM (MiB)': ['4096'], Datacenter: ['fra-1'] }),
    ).toEqual([
      {
        source_field: 'Operating System',
        target_field: 'operating_system',
        confidence_score: 1,
        match_type: 'exact',
        rule: 'field name, values agree',
        evidence: ['header is the name of the field', '1 of 1 cells are names of operating systems'],
      },
      {
        source_field: 'Server RAM (MiB)',
        target_field: 'memory_gb',
        confidence_score: 0.92,
        match_type: 'unit',
        rule: 'synonym "ram", with "server", unit MiB in header, values agree',
        evidence: ['header is a synonym "ram" with "server"', '1 of 1 cells are amounts of memory'],
      },
      {
        source_field: 'Datacenter',
        target_field: 'location',
        confidence_score: 0.95,
        match_type: 'synonym',
        rule: 'synonym "data center"',
        evidence: ['header is a synonym "data center"'],
      },
    ]);
  });

  it('leaves a weak suggestion as weak as it is beside a better one', () => {
    expect(suggestions({ 'Provisioned MiB': ['100'], 'In Use MiB': ['50'] })).toMatchObject([
      { source_field: 'Provisioned MiB', confidence_score: 0.88 },
      { source_field: 'In Use MiB', confidence_score: 0.6 },
    ]);
  });

  it('offers what only cells could decide, unless two words of the header are in doubt', () => {
    expect(suggestions({ Type: [] })).toMatchObject([{ target_field: 'asset_type', confidence_score: 0.6 }]);
    expect(suggestions({ instanceType: [] })).toEqual([]);
    expect(suggestions({ Status: ['migrated'] })).toMatchObject([
      { target_field: 'status', confidence_score: 0.9 },
    ]);
  });

  it('is less sure of a column without cells', () => {
    const [empty] = suggestions({ Hostname: [] });
    const [filled] = suggestions({ Hostname: ['web-01'] });
    expect(empty?.confidence_score).toBeLessThan(filled?.confidence_score ?? 0);
  });

  it('suggests each column once and is confident of each field once, whatever the table', () => {
    const headers = fc.uniqueArray(
      fc.oneof(
        fc.string(),
        fc.constantFrom(
          'Name',
          'VM',
          'VM Name',
          'Host',
          'Hostname',
          'IP',
          'IPv4',
          'Memory',
          'RAM (GB)',
          'OS',
          'Type',
          'Status',
          'DNS Name',
          '__proto__',
        ),
      ),
    );
    const cells = fc.array(
      fc.oneof(fc.string(), fc.constantFrom('10.0.0.1', '4', 'PROD', 'web-01', 'a.b.com')),
    );
    fc.assert(
      fc.property(headers, fc.array(cells), (columns, rows) => {
        const samples = rows.map((row) =>
          Object.fromEntries(columns.map((column, i) => [column, row[i] ?? ''])),
        );
        const suggested = suggestFieldMappings(columns, samples);
        const sources = suggested.map(({ source_field }) => source_field);
        expect(new Set(sources).size).toBe(sources.length);
        const targets = suggested
          .filter(({ confidence_score }) => confidence_score >= CONFIDENT_SCORE)
          .map(({ target_field }) => target_field);
        expect(new Set(targets).size).toBe(targets.length);
        for (const { confidence_score } of suggested) {
          expect(confidence_score).toBeGreaterThan(0);
          expect(confidence_score).toBeLessThanOrEqual(1);
          expect(Math.round(confidence_score * 100) / 100).toBe(confidence_score);
        }
      }),
    );
  });

  it.each([
    [{ 'Ergebnis - Betriebssystem': ['Debian 12', 'Windows Server 2022'] }, 'operating_system'],
    [{ 'stats.host.fqdn': ['a.example.com', 'b.example.com'] }, 'fqdn'],
    [{ 'Availability Zone': ['eu-west-1a', 'eu-west-1b'] }, 'location'],
    [{ 'Responsable du metier': ['Anna', 'Bert'] }, 'business_owner'],
    [{ 'Technischer Ansprechpartner (Betrieb)': ['Anna', 'Bert'] }, 'technical_owner'],
  ])('understands what stands at the end of a path, and words in any order: %j', (table, field) => {
    expect(confident(table)).toEqual([expect.stringContaining(field)]);
  });

  it('reads headers without what all of them begin with', () => {
    const table = {
      Table0_Xyz_Name: ['web-1', 'web-2', 'web-3'],
      Table0_Xyz_OperatingSystem: ['Debian 12', 'Debian 12', 'AIX 7.2'],
      Table0_Xyz_SerialNumber: ['A1', 'A2', 'A3'],
      Table0_Xyz_Memory_GB: ['4', '8', '16'],
    };
    expect(confident(table)).toHaveLength(4);
  });

  it('takes a bare size for the used part beside its maximum', () => {
    const table = { name: ['a', 'b'], mem: ['1 GB', '2 GB'], maxmem: ['4 GB', '8 GB'] };
    expect(suggestions(table).find(({ source_field }) => source_field === 'maxmem')?.target_field).toBe(
      'memory_gb',
    );
    expect(suggestions(table).some(({ source_field }) => source_field === 'mem')).toBe(false);
  });

  it.each(['(', ' ', 'a.', 'os', 'A | ', 'aB', 'cpu core ', '1 GB '])(
    'is not held up by a header of 400,000 characters of %j',
    (part) => {
      const header = `${part.repeat(400_000 / part.length)}x`;
      expect(suggestFieldMappings([header], [{ [header]: header }]).length).toBeLessThan(2);
    },
    20_000,
  );
});
