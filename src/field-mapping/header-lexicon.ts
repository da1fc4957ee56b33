import { splitWords } from './split-words';

/**
 * The words that headers are made of, in English, German, French and Spanish, by what they say. A word may say several
 * things: `nombre` is a name in Spanish and a number in French. Phrases are separated by commas.
 */
const WORDS = {
  machine: `
    asset, ci, computer, device, gerat, gerats, gerate, guest, host, instance, machine, maschine, maschinen, node, rechner, rechners,
    server, servers, srv, svr, system, virtual machine, virtuelle maschine, machine virtuelle, maquina virtual, vm, serveur,
    equipement, ordinateur, servidor, maquina, equipo, ordenador, activo, actif`,
  hardware:
    'hardware, chassis, bios, product, produkt, gehause, configuration, konfiguration, config, profile',
  main: 'primary, main, principal, principale, current, default, haupt, primare, primaire, primaria, primario, 1',
  name: 'name, names, nom, nombre, bezeichnung, designation, denomination, libelle, denominacion',
  full: `
    full, fully, qualified, fully qualified, complete, vollstandig, vollstandiger, vollst, voll, qualifizierter, complet,
    complete, qualifie, completo, completa, cualificado, long`,
  hostname: 'hostname, hostnames, host name, nom hote, nombre host, nombre anfitrion, netbios name, netbios',
  fqdn: 'fqdn, fqdns',
  dns: 'dns, domain name',
  ip: 'ip, ips, ipv4, ip v4, ip4',
  address: `
    address, addresses, addr, adresse, adressen, adresses, direccion, direcciones, list, liste, lista, v4, ipv4`,
  private: 'private, internal, interne, intern, privee, privada, interna, privat, lan, local, fixed',
  network:
    'network, networks, net, netz, netzwerk, netzwerke, reseau, reseaux, red, redes, interface, interfaces, nic, nics',
  os: `
    os, operating system, betriebssystem, betriebssystems, systeme exploitation, sistema operativo, so, bs, guest os, guest operating system`,
  os_detail: `
    type, typ, tipo, family, familie, famille, familia, edition, distribution, distro, product, info, details, detail, full, caption, image, level,
    description, beschreibung`,
  version: 'version, release, versionen',
  core: `
    core, cores, kern, kerne, kernen, coeur, coeurs, nucleo, nucleos, vcpu, vcpus, vcore, vcores, vcoeurs, cpu kerne`,
  cpu: `
    cpu, cpus, processor, processors, proc, procs, prozessor, prozessoren, processeur, processeurs, procesador, procesadores,
    vprocessors`,
  count:
    'number, num, no, nr, n, count, cnt, qty, quantity, anzahl, zahl, nombre, nb, nbre, numero, cantidad, cant',
  total: `
    total, totale, totales, gesamt, installed, installiert, installierter, configured, konfiguriert, assigned, allocated,
    provisioned, zugewiesen, zugewiesener, zugewiesene, installierte, asignada, asignado, asignados, allouee, alloue, alloues, instalada, installee`,
  kind: `
    logical, virtual, physical, physische, physischer, logische, virtuelle, logique, logiques, physique, physiques, virtuel,
    virtuels, virtuelles, logico, logicos, fisico, fisicos, fisica, virtuales`,
  size: `
    size, grosse, taille, tamano, capacity, kapazitat, capacite, capacidad, space, platz, espace, espacio, speicherplatz`,
  memory: 'memory, mem, ram, vram, arbeitsspeicher, hauptspeicher, memoire, memoire vive, memoria',
  disk: `
    disk, disks, harddisk, hard disk, hard drive, hdd, vhd, vhdx, vmdk, volume, storage, platte, festplatte, platten,
    festplatten, festplattenspeicher, datentrager, disque, disque dur, disques, stockage, disco, disco duro, discos, almacenamiento`,
  type: 'type, typ, tipo, class, klasse, classe, clase, category, kategorie, categorie, categoria',
  environment: 'environment, env, umgebung, environnement, entorno, ambiente',
  place: `
    location, site, data center, data centre, datacenter, standort, rechenzentrum, rz, localisation, emplacement, centre donnees,
    ubicacion, localizacion, sede, centro datos, cpd`,
  zone: 'zone, zones, zona, zonas, zonen',
  availability: 'availability, verfugbarkeit, verfugbarkeits, disponibilite, disponibilidad',
  hosting: 'hosting, hosted, physical, hebergement, alojamiento',
  application: `
    application, applications, app, apps, anwendung, anwendungen, applikation, fachanwendung, fachverfahren, verfahren, aplicacion,
    aplicaciones, aplicativo`,
  hosted: `
    hosted, running, installed, supported, associated, related, gehostete, betriebene, laufende, zugehorige, hebergee, hebergees, installee,
    associee, alojada, alojadas, asociada, instalada`,
  criticality: 'criticality, kritikalitat, criticite, criticidad',
  level: 'level, stufe, niveau, nivel, rating, class, klasse, classe, grad',
  migration: 'migration, migrations, migracion, migrate',
  state: 'status, state, stand, zustand, statut, etat, estado',
  serial: 'serial, seriennummer, serien, serie, serialnumber, serialno',
  description: `
    description, beschreibung, descripcion, bemerkung, bemerkungen, kommentar, comment, comments, commentaire, commentaires,
    notes, comentario, comentarios, notiz, notizen, observaciones`,
  short: 'short, kurz, kurze, courte, breve, corto, corta, general',
  owner: `
    owner, owners, responsible, verantwortlicher, verantwortliche, verantwortlich, verantw, zustandig, zustandiger, eigner,
    eigentumer, besitzer, inhaber, responsable, responsables, proprietaire, propietario, dueno`,
  contact: `
    contact, contacts, ansprechpartner, ansprechpartnerin, ansprechperson, kontakt, kontaktperson, interlocuteur, contacto, person, poc,
    lead, leader, manager, leiter, leitung, referent, pilote, encargado, charge, cargo, custodian`,
  team: 'team, squad, equipe, equipo',
  technical: `
    technical, tech, techn, it, ops, operations, infrastructure, infra, technischer, technische, technisch, technik, dv, edv, betrieb, betriebs,
    technique, techniques, informatique, infrastruktur, exploitation, tecnico, tecnica, ti, informatica, sistemas, support,
    technology, engineering`,
  technician: `
    technician, techniker, technikerin, technicien, tecnico, administrator, admin, sysadmin, administrateur, administrador, betreuer, dba,
    engineer`,
  business: `
    business, biz, fach, fachlicher, fachliche, fachlich, fachseite, fachbereich, fachabteilung, metier, metiers, negocio, functional,
    fonctionnel, funcional, geschafts, kaufmannischer`,
} as const;

export type WordClass = keyof typeof WORDS;
type Classes = ReadonlySet<WordClass>;

const LEXICON = indexWords();
const LONGEST_PHRASE = 3;
const FEWEST_LETTERS = 2;
// What joins the parts of a German compound, as in `Anwendungsname`.
const LINKS = ['s', 'n', 'en'];

const FILLERS = new Set(
  'a an and e et und y of the de du des del d la le les l el los las von der die das dem den in en au aux al fur for pour para'.split(
    ' ',
  ),
);

// Headers are whatever a file has above its columns.
const LONGEST_HEADER = 100;

/** What each word of a header says, articles aside; null where one of them is unknown, since it could change what the others mean. */
export function wordClasses(words: readonly string[]): Classes[] | null {
  const said = words.filter((word) => !FILLERS.has(word));
  return said.join('').length > LONGEST_HEADER ? null : phraseClasses(said, new Set());
}

/** @param dead how many words are left where it is known that they cannot be read. */
function phraseClasses(words: readonly string[], dead: Set<number>): Classes[] | null {
  if (words.length === 0) return [];
  if (dead.has(words.length)) return null;
  for (let length = Math.min(LONGEST_PHRASE, words.length); length > 0; length -= 1) {
    const head = words.slice(0, length).join('');
    const classes = LEXICON.get(head);
    const parts = classes !== undefined ? [classes] : length === 1 ? compoundClasses(head, new Set()) : null;
    if (parts === null) continue;
    const rest = phraseClasses(words.slice(length), dead);
    if (rest !== null) return [...parts, ...rest];
  }
  dead.add(words.length);
  return null;
}

/**
 * What the parts of a word written as one say, as in `serverstandort` or `maxcpu`; null where it is none.
 * @param dead how many letters are left where it is known that they are no words.
 */
function compoundClasses(word: string, dead: Set<number>): Classes[] | null {
  if (dead.has(word.length)) return null;
  for (let end = word.length - FEWEST_LETTERS; end >= FEWEST_LETTERS; end -= 1) {
    const classes = LEXICON.get(word.slice(0, end));
    if (classes === undefined) continue;
    for (const link of ['', ...LINKS]) {
      if (!word.startsWith(link, end)) continue;
      const tail = word.slice(end + link.length);
      const whole = LEXICON.get(tail);
      const rest = whole !== undefined ? [whole] : compoundClasses(tail, dead);
      if (rest !== null) return [classes, ...rest];
    }
  }
  dead.add(word.length);
  return null;
}

function indexWords(): Map<string, Set<WordClass>> {
  const index = new Map<string, Set<WordClass>>();
  for (const [name, phrases] of Object.entries(WORDS)) {
    for (const phrase of phrases.split(',')) {
      const key = splitWords(phrase).join('');
      const classes = index.get(key) ?? new Set();
      index.set(key, classes.add(name as WordClass));
    }
  }
  return index;
}
