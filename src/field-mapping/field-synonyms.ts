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
 * What headers call each field, in English, German, French and Spanish; case, separators, diacritics, articles and units
 * do not matter. A field's own name is `certain` unless it is listed otherwise.
 *
 * Phrases are separated by commas. A header must match one as a whole: `Model name`, `Full name` and `Host cluster` hold
 * neither a name nor a host name.
 * Of two fields that fit a column equally the earlier is suggested: an FQDN is also a host name, but not the reverse.
 */
export const FIELD_SYNONYMS: Record<AssetField, Partial<Record<Certainty, string>>> = {
  name: {
    certain: `
      vm, virtual machine, object name, item name, vmware vm name,
      objekt name, maschinen name, virtuelle maschine,
      nom, nom serveur, nom machine, nom vm, nom equipement, machine virtuelle,
      nombre, nombre servidor, nombre equipo, nombre maquina, nombre vm, maquina virtual`,
    likely: `
      server, machine, computer, guest, display name, hostname or ip,
      bezeichnung, objektbezeichnung, objekttitel, rechner,
      serveur, libelle, designation,
      servidor, equipo`,
    hint: 'asset, device, node, node name, system, titel, title, label, instance, gerat',
  },
  fqdn: {
    certain: 'fully qualified domain name, full qualified domain name, full dns name',
    likely: 'full computer name, dns full name',
    undecided: `
      dns name, dns hostname, dns, domain, domain name, domane, nom dns, nombre dns, domaine, nom domaine, dominio, nombre dominio`,
  },
  hostname: {
    certain: `
      netbios name, nom hote, nom d hote, nombre host, nombre anfitrion, host name fqdn, hostname fqdn,
      guest hostname`,
    undecided: 'host, ansible host, dns hostname, dns name, nom dns, nombre dns, hote',
  },
  ip_address: {
    certain: `
      ip, ips, ip 1, ip addr, ip addresses, ip list, ip address list, ip address 1, ip4, ipv4, ipv4 address, ipv4 addresses, default ipv4 address,
      private ip, private ip address, private ip addresses, private ipv4 address, internal ip, internal ip address,
      lan ip, ip lan,
      ip adresse, ip adressen, ipv4 adresse,
      adresse ip, adresses ip, adresse ipv4, ip privee,
      direccion ip, direcciones ip, direccion ipv4, dir ip, ip privada`,
    likely: `
      management ip, management ip address, mgmt ip, all ipv4 addresses, host ip address, ip address v4, service ip`,
    undecided: `
      host, addr, address, addresses, networks, network, ansible host, network address, adresse, netzwerkadresse, adresse reseau, direccion, direccion red, adr`,
    hint: `
      ipv6, ipv6 address, ipv6 adresse, public ip, public ip address, public ip addresses, ip publique, ip publica`,
  },
  asset_type: {
    certain: `
      asset class, ci class, ci type, object type, resource type, asset category,
      asset typ, ci klasse, ci typ, gerate typ, objekt typ, objekttyp bezeichnung,
      type actif, type equipement, type objet,
      tipo activo, tipo equipo, tipo ci`,
    undecided: `
      type, category, class, kind, role, sys class name, item type,
      typ, art, kategorie, klasse, rolle,
      categorie, classe,
      tipo, categoria, clase, rol`,
  },
  environment: {
    certain: `
      env, environment name, environment type, environments,
      umgebung, system umgebung,
      environnement, type environnement,
      entorno, ambiente, tipo entorno`,
    undecided: `
      lifecycle, lifecycle stage, stage, tier, landscape, service env, usage, used for,
      stufe, system landschaft, verwendung, nutzung, usage type,
      uso, etape`,
  },
  operating_system: {
    certain: `
      os, os name, operating system name, operating system and version, os and version, os name and version,
      os full name, os according to the vmware tools, guest full name,
      betriebssystem, betriebssystem name,
      systeme exploitation, nom os,
      sistema operativo, so`,
    likely: `
      os according to the configuration file, os type, os family, os description, operating system family, distribution,
      os product, os edition, os distribution, os info, betriebssystem familie, famille os`,
    undecided: `
      platform, plattform, plateforme, plataforma,
      systeme, os version, operating system version, betriebssystem version, version os, version sistema operativo,
      version systeme exploitation`,
  },
  cpu_cores: {
    certain: `
      cores, core count, vcores, vcpu, vcpus, vcpu count, cpu core, cpu core count, cpu cores, total cores, processor cores, virtual cpu, virtual cpus,
      virtual cores, virtual processors,
      processor count, processor core count, logical cores, physical cores,
      kerne, cpu kerne, prozessor kerne,
      coeurs, coeurs cpu, vcoeurs,
      nucleos, nucleos cpu`,
    likely: `
      cpu, cpus, cpu count, logical cpu, logical cpu count, logical processors, processors, processor vcpus,
      vprocessors,
      prozessoren,
      processeurs,
      procesadores`,
  },
  memory_gb: {
    certain: `
      memory, mem, ram, vram, memory size, memory capacity, memory ram, ram memory, physical memory, ram size,
      ram total size, main memory, memory provisioned, memory allocated, memory installed,
      arbeitsspeicher, hauptspeicher, ram grosse,
      memoire, memoire vive, memoire ram,
      memoria, memoria ram, memoria fisica`,
    likely: 'memory total, mem total, ram total, total physical memory, total visible memory size',
    hint: 'speicher',
  },
  storage_gb: {
    certain: `
      storage, storage size, storage capacity, disk size, disk capacity, disk space, disk storage,
      disk total, disk allocated, storage allocated, storage provisioned, hard disk, hard disk size, hard drive size,
      virtual disk size, disk total size, disks total size, disks size, storage total, local storage,
      speicherplatz, plattenplatz, festplatten speicher, festplatten grosse, festplatten kapazitat,
      stockage, espace disque, taille disque, capacite disque, disque dur,
      almacenamiento, espacio disco, tamano disco, capacidad disco, disco duro`,
    likely: 'provisioned, provisioned space, disk, hdd, hdd size, festplatte, disque, disco',
    undecided: 'speicher, disks, hard disks, hard drives, volumes, festplatten, platten, disques, discos',
    hint: 'in use, used space, used storage, capacity, kapazitat, capacite, capacidad',
  },
  location: {
    certain: `
      site, data center, data centre, physical location,
      standort, rechenzentrum,
      localisation, emplacement, centre donnees,
      ubicacion, localizacion, sede, centro datos, cpd`,
    undecided: 'zone, zones, az, zona',
    likely: `
      loc, location name, site name, region, building, city, dc, data center name, geographic location,
      gebaude, stadt, ort, rz,
      lieu, ville, batiment,
      ciudad, edificio, sitio`,
    hint: 'room, raum, salle, sala, rack, country, land, pays, pais, aws region, azure region',
  },
  business_owner: {
    certain: `
      business contact, business owner name,
      fachverantwortlicher, fachlicher verantwortlicher, geschaftsverantwortlicher,
      responsable metier, proprietaire metier,
      responsable negocio, propietario negocio`,
    likely: `
      owner, owner name, owned by, asset owner, app owner, application owner, product owner, service owner,
      verantwortlicher, verantwortlich, eigentumer, besitzer,
      proprietaire, responsable, responsable application,
      propietario, dueno, responsable aplicacion,
      fachbereich, fachabteilung`,
    hint: 'sponsor, project sponsor, assigned to, department',
  },
  technical_owner: {
    certain: `
      tech owner, it owner, it application owner, technical contact, technical lead,
      technischer verantwortlicher, technischer ansprechpartner, it verantwortlicher,
      responsable technique, contact technique, proprietaire technique,
      responsable tecnico, contacto tecnico, propietario tecnico`,
    likely: `
      system owner, administrator, system administrator, managed by, systemverantwortlicher, betreuer, administrateur,
      administrador`,
    hint: 'support group, supported by, custodian, contributors',
  },
  application_name: {
    certain: `
      application, app name, business application, application system,
      anwendung, anwendungsname, applikation, applikationsname, fachverfahren, fachanwendung,
      nom application,
      aplicacion, nombre aplicacion, aplicativo`,
    likely: `
      app, applications, apps, primary application, anwendungen, aplicaciones, application name stack,
      name, nom, nombre`,
    hint: 'business service, service, workload',
  },
  criticality: {
    certain: `
      criticality level, business criticality, application criticality,
      kritikalitat, geschaftskritikalitat,
      criticite, niveau criticite,
      criticidad, nivel criticidad`,
    undecided: `
      importance, priority, business impact, prioritat, schutzbedarf, priorite, importancia, prioridad`,
  },
  status: {
    certain: `
      migration status, migration state, migrations status, statut migration, estado migracion`,
    undecided: 'status, state, zustand, statut, etat, estado',
  },
  serial_number: {
    certain: `
      serial, serial no, serial nr, serial num, sn, product serial,
      seriennummer, serien nr,
      numero serie, no serie, n serie, num serie`,
    likely: 'service tag, bios serial number, bios serial, chassis serial number, hardware serial number',
  },
  description: {
    certain: 'short description, beschreibung, descripcion',
    likely: `
      annotation, desc, descr, comment, comments, note, notes, remark, remarks, purpose,
      bemerkung, bemerkungen, kommentar, notiz, notizen, anmerkung,
      commentaire, commentaires, remarque, remarques,
      comentario, comentarios, observaciones, notas, observations`,
    hint: 'function, funktion, fonction, funcion, zweck',
  },
};
