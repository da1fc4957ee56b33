import type { OneOrMore, Random } from './random';

const ROWS = 900;

const COLUMNS = [
  'Servername',
  'FQDN',
  'IP-Adresse',
  'Typ',
  'Betriebssystem',
  'Umgebung',
  'CPU-Kerne',
  'Arbeitsspeicher (GB)',
  'Festplattengröße (GB)',
  'Standort',
  'Anwendung',
  'Fachverantwortlicher',
  'Technischer Ansprechpartner',
  'Kritikalität',
  'Seriennummer',
  'Wartungsfenster',
  'Inbetriebnahme',
  'Bemerkung',
] as const;

type Server = Record<(typeof COLUMNS)[number], string>;

interface Role {
  code: string;
  application: string;
  systems: OneOrMore<string>;
  cores: OneOrMore<string>;
  memory: OneOrMore<string>;
  disk: OneOrMore<string>;
}

const ROLES: OneOrMore<Role> = [
  {
    code: 'web',
    application: 'Kundenportal',
    systems: ['Ubuntu 22.04 LTS', 'Debian 12'],
    cores: ['2', '4'],
    memory: ['4', '8'],
    disk: ['40', '60'],
  },
  {
    code: 'app',
    application: 'Vertragsverwaltung',
    systems: ['Red Hat Enterprise Linux 8.9', 'Red Hat Enterprise Linux 9.3'],
    cores: ['4', '8'],
    memory: ['16', '32'],
    disk: ['120', '200'],
  },
  {
    code: 'db',
    application: 'Schadenabwicklung',
    systems: ['Oracle Linux 8', 'SUSE Linux Enterprise Server 15 SP5'],
    cores: ['8', '16', '32'],
    memory: ['64', '128', '256'],
    disk: ['558,8', '1024', '2048,5'],
  },
  {
    code: 'fil',
    application: 'Dateiablage Außendienst',
    systems: ['Windows Server 2016', 'Windows Server 2019'],
    cores: ['2', '4'],
    memory: ['8', '16'],
    disk: ['1024', '4096'],
  },
  {
    code: 'dc',
    application: 'Verzeichnisdienst',
    systems: ['Windows Server 2019', 'Windows Server 2022'],
    cores: ['2'],
    memory: ['8'],
    disk: ['80'],
  },
  {
    code: 'prt',
    application: 'Druckstraße',
    systems: ['Windows Server 2012 R2', 'AIX 7.2'],
    cores: ['1', '2'],
    memory: ['1,5', '2', '4'],
    disk: ['40,5', '80'],
  },
];

const VIRTUAL: OneOrMore<string> = ['Virtueller Server', 'Virtuelle Maschine'];
const PHYSICAL: OneOrMore<string> = ['Physischer Server', 'Blade'];
// Several hands have kept this CMDB, hence the spellings; a training system is none of the five environments.
const ENVIRONMENTS: OneOrMore<string> = [
  ...(['Produktion', 'Produktion', 'PROD', 'Abnahme', 'Test', 'Entwicklung'] as const),
  ...['Notfall', 'Schulung'],
];
const SITES: OneOrMore<string> = ['Frankfurt RZ 1', 'Frankfurt RZ 2', 'Offenbach Ausweich-RZ'];
const CRITICALITIES: OneOrMore<string> = ['sehr hoch', 'hoch', 'mittel', 'mittel', 'niedrig'];
const OWNERS: OneOrMore<string> = ['Jürgen Schäfer', 'Sabine Groß', 'Käthe Lößner', 'Björn Müller'];
const ADMINS: OneOrMore<string> = ['Basisbetrieb Linux', 'Basisbetrieb Windows', 'Jörg Weiß'];
const WINDOWS: OneOrMore<string> = ['Sa 22:00-02:00', 'So 02:00-06:00', 'nach Absprache'];
const REMARKS: OneOrMore<string> = ['', '', '', 'Ablösung geplant', 'Zugang nur über Sprungserver'];

/** What is odd about some rows, by their number. `samples/README.md` says what becomes of each. */
const ODDITIES: Record<number, Partial<Server>> = {
  40: { Bemerkung: 'Umzug in zwei Schritten:\n1. Datenbank\n2. Anwendung' },
  41: { Bemerkung: 'im Team "Dicke Berta" genannt' },
  118: { Servername: 'unbekannt', FQDN: '', 'IP-Adresse': 'k.A.', Bemerkung: 'im Keller gefunden' },
  407: { Servername: '', FQDN: '', 'IP-Adresse': '', Bemerkung: 'Name wird nachgereicht' },
  455: { Servername: '', FQDN: '' },
  512: { Seriennummer: 'CZ\u000048A2K7' },
};

/** Cells that are written as they stand here, where Excel would have put them in quotes. */
const UNQUOTED: Record<number, string> = {
  73: '19"-Gehäuse, 2 HE',
  233: 'Ersatzteile: Netzteil; Lüfter',
  641: 'Sicherung Di; Do; Sa',
};

const CUT_SHORT = 300;
const BEFORE_EMPTY_LINES = 600;

/** A CMDB list as a German Excel saves it: semicolons, decimal commas, Windows-1252, CRLF. */
export function cmdbCsv(random: Random): Buffer {
  const lines: string[] = [COLUMNS.join(';')];
  let cores = 0;
  for (let row = 1; row < ROWS; row++) {
    const server = Object.assign(makeServer(random, row), ODDITIES[row]);
    cores += Number(server['CPU-Kerne']);
    const cells = COLUMNS.map((column) => quoteWhereNeeded(server[column]));
    const unquoted = UNQUOTED[row];
    if (unquoted !== undefined) cells[COLUMNS.indexOf('Bemerkung')] = unquoted;
    if (row === CUT_SHORT) cells.length = COLUMNS.indexOf('Anwendung');
    lines.push(cells.join(';'));
    if (row === BEFORE_EMPTY_LINES) lines.push(...Array<string>(2).fill(';'.repeat(COLUMNS.length - 1)));
  }
  const sum: Partial<Server> = { 'CPU-Kerne': String(cores), Bemerkung: 'Summe' };
  lines.push(COLUMNS.map((column) => sum[column] ?? '').join(';'));
  // Every character used here is the same in Latin-1 and in Windows-1252.
  return Buffer.from(`${lines.join('\r\n')}\r\n`, 'latin1');
}

function makeServer(random: Random, row: number): Server {
  const role = random.pick(ROLES);
  const name = `fra-${role.code}-${String(row).padStart(3, '0')}`;
  const isVirtual = random.chance(0.8);
  return {
    Servername: name,
    FQDN: random.chance(0.95) ? `${name}.fra.beispiel-ag.example` : '',
    'IP-Adresse': random.chance(0.98) ? `10.20.${10 + Math.floor(row / 250)}.${2 + (row % 250)}` : 'k.A.',
    Typ: random.pick(isVirtual ? VIRTUAL : PHYSICAL),
    Betriebssystem: random.pick(role.systems),
    Umgebung: random.pick(ENVIRONMENTS),
    'CPU-Kerne': random.pick(role.cores),
    'Arbeitsspeicher (GB)': random.pick(role.memory),
    'Festplattengröße (GB)': random.pick(role.disk),
    Standort: random.pick(SITES),
    Anwendung: role.application,
    Fachverantwortlicher: random.pick(OWNERS),
    'Technischer Ansprechpartner': random.pick(ADMINS),
    Kritikalität: random.pick(CRITICALITIES),
    Seriennummer: isVirtual ? '' : `CZ${random.hex(8).toUpperCase()}`,
    Wartungsfenster: random.pick(WINDOWS),
    Inbetriebnahme: `${twoDigits(random.integer(1, 28))}.${twoDigits(random.integer(1, 12))}.${random.integer(2012, 2024)}`,
    Bemerkung: random.pick(REMARKS),
  };
}

function quoteWhereNeeded(cell: string): string {
  return /[;"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
