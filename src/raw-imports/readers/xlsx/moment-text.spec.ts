import { momentText } from './moment-text';

describe('momentText', () => {
  it.each([
    [45337, 'date', '2024-02-15'],
    [45337.4375, 'date', '2024-02-15T10:30:00'],
    [45337, 'datetime', '2024-02-15T00:00:00'],
    [45337.438194444, 'datetime', '2024-02-15T10:31:00'],
    [45337.0000014352, 'datetime', '2024-02-15T00:00:00.124'],
    [45337.5, 'time', '2024-02-15T12:00:00'],
    [0.75, 'time', '18:00:00'],
    [1.5, 'duration', '36:00:00'],
    [1, 'date', '1900-01-01'],
    [59, 'date', '1900-02-28'],
    [61, 'date', '1900-03-01'],
    [2_958_465, 'date', '9999-12-31'],
    [2_958_466, 'date', null],
    [-1, 'date', null],
    [NaN, 'date', null],
  ] as const)('shows day %d as %s %j', (days, parts, text) => {
    expect(momentText(days, parts, false)).toBe(text);
  });

  it('counts from 1904 on request', () => {
    expect(momentText(0, 'date', true)).toBe('1904-01-01');
  });
});
