import fc from 'fast-check';
import { firstIpAddress } from './first-ip-address';

describe('firstIpAddress', () => {
  it.each([
    ['10.0.0.1', '10.0.0.1'],
    ['[10.0.0.1,fe80::1];', '10.0.0.1'],
    ['[fe80::1,10.0.0.1];[10.0.0.2];', '10.0.0.1'],
    ['["10.0.0.1","10.0.0.2"]', '10.0.0.1'],
    ['10.0.0.1; 10.0.0.2', '10.0.0.1'],
    ['10.0.0.1/24', '10.0.0.1'],
    ['lan=10.0.0.1, 10.0.0.2', '10.0.0.1'],
    ['web-01 (10.0.0.1)', '10.0.0.1'],
    ['fe80::1%eth0', 'fe80::1'],
    ['2404:f801:4800:c::7', '2404:f801:4800:c::7'],
    ['127.0.0.1, 10.0.0.1', '10.0.0.1'],
    ['0.0.0.0', null],
    ['::1', null],
    ['[];', null],
    ['dhcp', null],
    ['10.0.0', null],
    ['10.0.0.256', null],
    ['1.2.3.4.5', null],
  ])('finds in %j %s', (text, address) => {
    expect(firstIpAddress(text)).toBe(address);
  });

  it('finds an IPv4 address among any others', () => {
    const ipv4 = fc.ipV4().filter((ip) => !/^(127\.|0\.0\.0\.0$)/.test(ip));
    const separators = fc.constantFrom(', ', ';', ' ', '","', '|', '];[');
    fc.assert(
      fc.property(fc.array(fc.ipV6()), ipv4, separators, (others, address, separator) => {
        expect(firstIpAddress([...others, address].join(separator))).toBe(address);
      }),
    );
  });
});
