import { BareRecord } from './bare-record';

describe('a bare record', () => {
  it('inherits nothing', () => {
    const inherited = Object.getOwnPropertyNames(Object.prototype).filter((name) => name in new BareRecord());
    expect(inherited).toEqual([]);
  });

  it('keeps every name as its own', () => {
    const record = new BareRecord();
    for (const name of ['__proto__', 'constructor', 'toString', '', '0']) record[name] = name;
    expect(JSON.stringify(record)).toBe(
      '{"0":"0","__proto__":"__proto__","constructor":"constructor","toString":"toString","":""}',
    );
    expect(Object.keys(new BareRecord())).toEqual([]);
  });
});
