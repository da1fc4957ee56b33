import { EncodingEvidence } from '../encoding-evidence';
import { charactersOf } from './charsets';
import { guessEightBit } from './guess-eight-bit';

function guess(text: string, charset: string): string {
  const table = charactersOf(charset);
  const bytes = Array.from(text, (char) => (char < '\x80' ? char.charCodeAt(0) : 0x80 + table.indexOf(char)));
  expect(bytes).not.toContain(0x7f);
  const evidence = new EncodingEvidence();
  evidence.add(Uint8Array.from(bytes));
  return guessEightBit(evidence);
}

const GERMAN = 'Gerät;Größe;Köln;Zürich;Übersicht;Straße\n';
const FRENCH = "Libellé;Modèle;Système d'exploitation;Français;hôte;Mémoire\n";
const SPANISH = 'Nombre;Descripción;Tamaño;Ubicación;Producción;Año\n';
const NORDIC = 'Navn;Størrelse;Århus;Malmö;Kjøbenhavn;Sjælland\n';
const ITALIAN = 'Nome;Quantità;Capacità;perché;più\n';
const POLISH = 'Nazwa;Łódź;Kraków;Gdańsk;użytkownik;źródło;Wrocław\n';
const CZECH = 'Název;Umístění;Plzeň;Třebíč;Jindřichův Hradec;žádný\n';
const HUNGARIAN = 'Név;Győr;Székesfehérvár;erőforrás;működés;Sűrű\n';
const TURKISH = 'Sunucu adı;İstanbul;Eskişehir;Iğdır;çalışıyor\n';
const RUSSIAN = 'Имя сервера;Москва;Операционная система;Память;Владелец\n';
const GREEK = 'Όνομα;Αθήνα;Λειτουργικό σύστημα;Μνήμη;Θεσσαλονίκη\n';

describe('guessEightBit', () => {
  it.each([
    ['windows-1252', GERMAN],
    ['windows-1252', FRENCH],
    ['windows-1252', SPANISH],
    ['windows-1252', NORDIC],
    ['windows-1252', ITALIAN],
    ['windows-1252', GERMAN + FRENCH + SPANISH + NORDIC],
    ['windows-1252', 'Preis: 5 €; 20 m³; „so“ – ½ °C; 10 µs; § 5; Acme™ © ®\n'],
    ['windows-1252', 'CPU;Intel® Xeon®;AMD EPYC™\n'],
    ['windows-1252', 'Müller\n'],
    ['windows-1252', 'café\n'],
    ['windows-1252', 'São Paulo\n'],
    ['macintosh', GERMAN],
    ['macintosh', FRENCH],
    ['macintosh', SPANISH],
    ['ibm850', GERMAN],
    ['ibm850', FRENCH],
    ['ibm850', SPANISH],
    ['windows-1250', POLISH],
    ['windows-1250', CZECH],
    ['windows-1250', HUNGARIAN],
    ['iso-8859-2', POLISH],
    ['iso-8859-2', CZECH],
    ['windows-1254', TURKISH],
    ['windows-1251', RUSSIAN],
    ['windows-1251', `${'Server;IP;Owner;Description of it\n'.repeat(20)}${RUSSIAN}`],
    ['windows-1253', GREEK],
  ])('knows %s: %s', (charset, text) => {
    expect(guess(text, charset)).toBe(charset);
  });
});
