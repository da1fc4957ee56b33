import { isNetwork } from './is-network';

describe('isNetwork', () => {
  it.each([
    ['10.0.0.0/8', true],
    ['192.168.4.0/22', true],
    ['192.168.4.1/22', false],
    ['10.0.0.0', false],
    ['10.0.0.0/32', false],
    ['10.0.0.0/255.255.255.0', false],
    ['fe80::/10', false],
    ['web/01', false],
  ])('says of %s: %s', (cell, network) => {
    expect(isNetwork(cell)).toBe(network);
  });
});
