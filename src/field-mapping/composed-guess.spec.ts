import { composedGuess } from './composed-guess';
import { splitWords } from './split-words';

describe('composedGuess', () => {
  it.each([
    ['Complete DNS name', 'fqdn', 'certain'],
    ['Vollständiger Hostname', 'fqdn', 'certain'],
    ['Nombre DNS completo del equipo', 'fqdn', 'certain'],
    ['Guest OS - Hostname', 'hostname', 'certain'],
    ['Internal network IP', 'ip_address', 'likely'],
    ['Dirección IP de la red interna', 'ip_address', 'likely'],
    ['Name des Betriebssystems', 'operating_system', 'certain'],
    ['Betriebssystem: Bezeichnung', 'operating_system', 'certain'],
    ["Famille du système d'exploitation", 'operating_system', 'likely'],
    ['Release del sistema operativo', 'operating_system', 'undecided'],
    ['Nbre total de cœurs', 'cpu_cores', 'certain'],
    ['Cantidad de procesadores lógicos', 'cpu_cores', 'likely'],
    ['zugewiesene Kerne', 'cpu_cores', 'certain'],
    ['Anzahl logische Prozessoren', 'cpu_cores', 'likely'],
    ['installierter Arbeitsspeicher', 'memory_gb', 'certain'],
    ['Taille de la mémoire vive', 'memory_gb', 'certain'],
    ['Festplattenkapazität', 'storage_gb', 'certain'],
    ['vmdksize', 'storage_gb', 'certain'],
    ['Virtual disk', 'storage_gb', 'undecided'],
    ['Kategorie des Geräts', 'asset_type', 'certain'],
    ['Anwendungsumgebung', 'environment', 'certain'],
    ['Zone de disponibilité', 'location', 'likely'],
    ['Serverstandort', 'location', 'certain'],
    ['Niveau de criticité', 'criticality', 'certain'],
    ['Stand der Migration', 'status', 'certain'],
    ['Chassis serial no', 'serial_number', 'likely'],
    ['Verantwortliche Person Technik', 'technical_owner', 'certain'],
    ['Contacto de sistemas', 'technical_owner', 'certain'],
    ['Administrador del servidor', 'technical_owner', 'likely'],
    ['Infrastructure team', 'technical_owner', 'likely'],
    ['Lead (business)', 'business_owner', 'certain'],
    ['Interlocuteur métier', 'business_owner', 'certain'],
    ['Anwendungsverantwortlicher', 'business_owner', 'likely'],
    ['Propietario de la máquina', 'business_owner', 'likely'],
    ['Zugehörige Anwendung', 'application_name', 'certain'],
    ['Beschreibung des Servers', 'description', 'likely'],
    ['Notes for the machine', 'description', 'likely'],
    ['Bezeichnung Rechner', 'name', 'likely'],
    ['Contact', 'technical_owner', 'likely'],
  ])('takes %s for %s, %s', (header, field, certainty) => {
    const guess = composedGuess(splitWords(header));
    expect([guess?.field ?? null, guess?.certainty ?? null]).toEqual([field, certainty]);
  });

  it.each([
    'Disk serial number',
    'Licence owner',
    'OS licence',
    'Free disk space',
    'Used memory',
    'Memory usage',
    'CPU speed',
    'Cores per socket',
    'Sockets',
    'Name server',
    'VM host name',
    'IP of the gateway',
    'Public IP',
    'Application ID',
    'Application server',
    'Owner e-mail',
    'Disk type',
    'Disk count',
    'Product name',
    'Network name',
    'Migration wave',
    'Total',
    'Serverraum',
    '',
  ])('takes %j for nothing', (header) => {
    expect(composedGuess(splitWords(header))).toBeNull();
  });
});
