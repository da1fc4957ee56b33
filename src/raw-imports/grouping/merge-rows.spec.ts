import { mergeRows } from './merge-rows';

const merge = (...rows: Record<string, string>[]) => ({ ...mergeRows('Host', rows) });

describe('rows that become one', () => {
  it('keep a value on which they agree, whatever its case and the blanks around it', () => {
    expect(merge({ Host: 'WEB-1', OS: 'RHEL 9 ' }, { Host: 'web-1', OS: 'rhel 9' })).toEqual({
      Host: 'WEB-1',
      OS: 'RHEL 9 ',
    });
  });

  it('keep a value that only one of them has', () => {
    expect(merge({ Host: 'a', IP: '', OS: 'n/a' }, { Host: 'a', IP: '10.0.0.1', OS: 'AIX' })).toEqual({
      Host: 'a',
      IP: '10.0.0.1',
      OS: 'AIX',
    });
  });

  it('keep different values in the order in which they appear, each once', () => {
    const ips = [' 10.0.0.2', '10.0.0.1', '', '10.0.0.2', '-', '10.0.0.3'];
    expect(merge(...ips.map((IP) => ({ Host: 'a', IP })))).toEqual({
      Host: 'a',
      IP: '10.0.0.2; 10.0.0.1; 10.0.0.3',
    });
  });

  it('keep a cell that says nothing where none says more', () => {
    expect(merge({ Host: 'a', OS: '' }, { Host: 'a', OS: 'N/A' }, { Host: 'a', OS: '-' })).toEqual({
      Host: 'a',
      OS: 'N/A',
    });
  });

  it('have all their columns, whatever these are called', () => {
    const odd = JSON.parse('{"Host": "a", "__proto__": "1", "constructor": "2"}') as Record<string, string>;
    const merged = mergeRows('Host', [{ Host: 'a', x: '3' }, odd]);
    expect(Object.entries(merged)).toEqual([
      ['Host', 'a'],
      ['x', '3'],
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });
});
