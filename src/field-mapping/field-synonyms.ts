import type { AssetField } from './asset-fields';

/**
 * How far a header alone says what its column holds.
 *
 * - `certain`: it can hardly mean anything else.
 * - `likely`: it means this, but a column with a `certain` header says it better.
 * - `undecided`: it means this in some inventories and something else in others, so the cells decide.
 * - `hint`: worth offering to a person, never to be approved by itself.
 */
export type Certainty = 'certain' | 'likely' | 'undecided' | 'hint';

/**
 * What headers call each field, in English and German; case, separators, diacritics and units do not matter. A field's
 * own name is `certain` unless it is listed otherwise.
 *
 * Phrases are separated by commas. A header must match one as a whole: `Model name`, `Full name` and `Host cluster` hold
 * neither a name nor a host name.
 * Of two fields that fit a column equally the earlier is suggested: an FQDN is also a host name, but not the reverse.
 */
export const FIELD_SYNONYMS: Record<AssetField, Partial<Record<Certainty, string>>> = {
  name: {
    certain: 'vm, virtual machine, object name, objekt name, item name, vmware vm name',
    likely: `
      server, machine, computer, guest, display name, bezeichnung, objektbezeichnung, objekttitel`,
    hint: 'asset, device, node, system, titel, title, label',
  },
  fqdn: {
    certain: 'fully qualified domain name, full qualified domain name',
    likely: 'full computer name, dns full name',
    undecided: 'dns name, dns, domain, domain name, domane',
  },
  hostname: {
    certain: 'dns hostname, netbios name',
    undecided: 'host, dns name',
  },
  ip_address: {
    certain: `
      ip, ips, ip 1, ip addresses, ip address 1, ip adresse, ip adressen, ip4, ipv4, ipv4 address,
      ipv4 adresse, default ipv4 address, private ip, private ip address`,
    likely: 'management ip, management ip address, mgmt ip, all ipv4 addresses',
    undecided: 'address, addresses, adresse, network address, netzwerkadresse',
    hint: 'ipv6, ipv6 address, ipv6 adresse, public ip, public ip address',
  },
  asset_type: {
    certain: `
      asset class, asset typ, ci class, ci klasse, ci type, ci typ, gerate typ, object type,
      objekt typ, resource type`,
    undecided: `
      type, typ, art, category, kategorie, class, klasse, kind, role, rolle, sys class name`,
  },
  environment: {
    certain: 'env, environment name, environment type, umgebung, system umgebung',
    undecided: `
      lifecycle, stage, stufe, tier, landscape, system landschaft, service env, usage, used for,
      verwendung, nutzung`,
  },
  operating_system: {
    certain:
      'os, os name, os family, operating system name, betriebssystem, os according to the vmware tools',
    likely: `
      os according to the configuration file, os type, os full name, os description,
      operating system family, distribution`,
    undecided: 'platform, plattform',
    hint: 'os version, operating system version, betriebssystem version',
  },
  cpu_cores: {
    certain: `
      cores, core count, vcores, vcpu, vcpus, cpu core count, cpu number of cores, number of cores,
      processor count, processor core count, kerne, cpu kerne, prozessor kerne, anzahl kerne,
      anzahl cpu kerne`,
    likely: `
      cpu, cpus, cpu count, logical cpu count, logical processors, processors, processor vcpus,
      prozessoren, anzahl cpu, anzahl cpus, cpu anzahl`,
  },
  memory_gb: {
    certain: `
      memory, mem, ram, vram, memory size, memory capacity, physical memory, ram size,
      ram total size, arbeitsspeicher, hauptspeicher`,
    likely: 'memory total, mem total, ram total, total physical memory',
  },
  storage_gb: {
    certain: `
      storage, storage size, storage capacity, disk size, disk capacity, disk space, disk storage,
      disk total, disk allocated, speicherplatz, plattenplatz, festplatten speicher,
      festplatten grosse`,
    likely: 'provisioned, provisioned space, disk, hdd, hdd size, festplatte',
    hint: 'in use, used space, used storage, capacity, kapazitat',
  },
  location: {
    certain: 'site, standort, data center, data centre, rechenzentrum',
    likely: `
      location name, site name, region, aws region, azure region, building, gebaude, city, stadt,
      ort`,
    hint: 'room, raum, rack, zone, country, land',
  },
  business_owner: {
    certain: `
      business contact, fachverantwortlicher, fachlicher verantwortlicher, geschaftsverantwortlicher`,
    likely: `
      owner, owner name, owned by, app owner, application owner, product owner, service owner,
      verantwortlicher, verantwortlich, eigentumer, besitzer`,
    hint: 'sponsor, project sponsor, contact, ansprechpartner',
  },
  technical_owner: {
    certain: `
      tech owner, it owner, technical contact, technischer verantwortlicher,
      technischer ansprechpartner, it verantwortlicher`,
    likely: 'system owner, administrator, managed by, systemverantwortlicher, betreuer',
    hint: 'admin, support group, supported by, custodian, contributors',
  },
  application_name: {
    certain: 'application, app name, anwendung, anwendungsname, applikation, applikationsname',
    likely: 'app, applications, anwendungen',
    hint: 'business service, service, workload',
  },
  criticality: {
    certain: `
      criticality level, business criticality, application criticality, kritikalitat,
      geschaftskritikalitat`,
    undecided: 'importance, priority, prioritat, business impact, schutzbedarf',
  },
  status: {
    certain: 'migration status, migration state, migrations status',
    undecided: 'status, state, zustand',
  },
  serial_number: {
    certain: 'serial, serial no, serial nr, sn, product serial, seriennummer, serien nr',
    likely: 'service tag, bios serial number, chassis serial number',
  },
  description: {
    certain: 'short description, beschreibung',
    likely: `
      annotation, comment, comments, note, notes, remarks, bemerkung, bemerkungen, kommentar, notiz,
      notizen`,
  },
};
