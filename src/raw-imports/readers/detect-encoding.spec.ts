import { UnsupportedTypeError } from '../../errors/unsupported-type.error';
import { detectEncoding } from './detect-encoding';
import { EncodingEvidence } from './encoding-evidence';

function detect(bytes: Buffer, declared: string | null = null): string {
  const evidence = new EncodingEvidence();
  evidence.add(bytes);
  evidence.end();
  return detectEncoding(evidence, declared).name;
}

const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('detectEncoding', () => {
  it.each([
    ['ASCII', Buffer.from('name,ip\n'), 'utf-8'],
    ['UTF-8', Buffer.from('Größe\n'), 'utf-8'],
    ['a UTF-8 mark', Buffer.from('\ufeffname\n'), 'utf-8-bom'],
    ['a UTF-16LE mark', Buffer.from('\ufeffname\n', 'utf16le'), 'utf-16le'],
    ['a UTF-16BE mark', utf16be('\ufeffname\n'), 'utf-16be'],
    ['UTF-16LE without a mark', Buffer.from('name;Größe\n', 'utf16le'), 'utf-16le'],
    ['UTF-16BE without a mark', utf16be('name;Größe\n'), 'utf-16be'],
    ['Japanese UTF-16LE without a mark', Buffer.from('名,前\r\n東,京\r\n', 'utf16le'), 'utf-16le'],
    ['a stray NUL', Buffer.from('name,ip\nsrv\0,1\n'), 'utf-8'],
    ['Windows-1252', Buffer.from('Gr\xf6\xdfe;\x80 5\r\n', 'latin1'), 'windows-1252'],
    ['MacRoman with CR', Buffer.from('Gr\x9a\xa7e;Caf\x8e\r', 'latin1'), 'macintosh'],
    ['MacRoman with LF', Buffer.from('Fran\x8dois\n', 'latin1'), 'macintosh'],
    ['Windows-1252 with CR', Buffer.from('Gr\xf6\xdfe;K\xf6ln\r', 'latin1'), 'windows-1252'],
    [
      'Windows-1252 with CR and many euros',
      Buffer.from('S\xe4ule\r\x80\x80 \x93\r', 'latin1'),
      'windows-1252',
    ],
    [
      'Windows-1251',
      Buffer.from(
        '\xc8\xec\xff;IP\n\xf1\xe5\xf0\xe2\xe5\xf0-1;10.0.0.1\n\xf1\xea\xeb\xe0\xe4;10.0.0.2\n\xf1\xea\xeb\xe0\xe4\xf1\xea\xeb\xe0\xe4;1\n',
        'latin1',
      ),
      'windows-1251',
    ],
    [
      'Windows-1250',
      Buffer.from('Miasto;IP\n\xa3\xf3d\x9f;1\n\xa3om\xbfa;2\nPi\xb3a;3\nWa\xb3cz;4\n', 'latin1'),
      'windows-1250',
    ],
    [
      'Windows-1252 of French',
      Buffer.from('Site;Note\nOrl\xe9ans;\x9cuvre d\xe9j\xe0 pr\xeate, c\x9cur\n', 'latin1'),
      'windows-1252',
    ],
    ['mostly UTF-8', Buffer.concat([Buffer.from('Größe ä ö\n'), Buffer.from([0xff])]), 'utf-8'],
    ['as much UTF-8 as not', Buffer.concat([Buffer.from('ä\n'), Buffer.from([0xe4])]), 'utf-8'],
    [
      'mostly not UTF-8',
      Buffer.concat([Buffer.from('ä\n'), Buffer.from('\xe4x\xe4', 'latin1')]),
      'windows-1252',
    ],
  ])('knows %s', (_, bytes, name) => {
    expect(detect(bytes)).toBe(name);
  });

  it('believes a declared charset, by whatever name', () => {
    expect(detect(Buffer.from('ä'), 'ISO-8859-1')).toBe('windows-1252');
    expect(detect(Buffer.from([0xa4]), 'ISO-8859-15')).toBe('iso-8859-15');
  });

  it('knows the code page of a console by name', () => {
    expect(detect(Buffer.from([0x84]), 'IBM850')).toBe('ibm850');
  });

  it('believes a byte order mark more than a declared charset', () => {
    expect(detect(Buffer.from('\ufeffä'), 'windows-1252')).toBe('utf-8-bom');
  });

  it.each(['klingon', 'constructor'])('refuses a charset that nobody knows: %s', (charset) => {
    expect(() => detect(Buffer.from('a'), charset)).toThrow(UnsupportedTypeError);
  });

  it.each([
    ['little-endian', [0xff, 0xfe, 0, 0, 0x61, 0, 0, 0]],
    ['big-endian', [0, 0, 0xfe, 0xff, 0, 0, 0, 0x61]],
  ])('refuses %s UTF-32 by its name', (_, bytes) => {
    expect(() => detect(Buffer.from(bytes))).toThrow(/UTF-32.*UTF-8/);
  });
});
