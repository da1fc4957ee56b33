import { isDamagedNumber } from './is-damaged-number';

describe('isDamagedNumber', () => {
  it.each(['9.13E+11', '6.37702E+15', '5,02E+18', '1E+12', '9.13e+11', '-1.5E+10'])(
    'sees that %s is one',
    (text) => {
      expect(isDamagedNumber(text)).toBe(true);
    },
  );

  it.each(['913000000000', '1E12', '12E45678', 'E+11', '9.13', 'SN-9.13E+11', '', '2E+1X'])(
    'takes %j as it is',
    (text) => {
      expect(isDamagedNumber(text)).toBe(false);
    },
  );
});
