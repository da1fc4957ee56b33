import { readHeader } from './read-header';

describe('readHeader', () => {
  it.each([
    'Serial Number',
    'serial_number',
    'serialNumber',
    'SerialNumber',
    'SERIAL-NUMBER',
    ' serial.number: ',
    '[Serial] (Number)',
    'serialnumber',
  ])('gives %j the same key', (header) => {
    expect(readHeader(header)).toMatchObject({ key: 'serialnumber', unit: null, unitText: null });
  });

  it.each([
    ['Kritikalität', 'kritikalitat'],
    ['Straße', 'strasse'],
    ['CPU Usage %', 'cpuusagepercent'],
    ['vCPUs', 'vcpus'],
    ['Betriebssystem\nName', 'betriebssystemname'],
  ])('gives %j the key %s', (header, key) => {
    expect(readHeader(header).key).toBe(key);
  });

  it.each([
    ['RAM (GB)', 'ram', 'GB', 'GB'],
    ['Memory (MiB)', 'memory', 'MB', 'MiB'],
    ['Memory (in MB)', 'memory', 'MB', 'MB'],
    ['Memory MB', 'memory', 'MB', 'MB'],
    ['memoryMB', 'memory', 'MB', 'MB'],
    ['memory_gb', 'memory', 'GB', 'gb'],
    ['MemoryGiB', 'memory', 'GB', 'GiB'],
    ['RAM.TotalSizeInMB', 'ramtotalsize', 'MB', 'MB'],
    ['Arbeitsspeicher [GByte]', 'arbeitsspeicher', 'GB', 'GByte'],
    ['Arbeitsspeicher in GB', 'arbeitsspeicher', 'GB', 'GB'],
    ['Disk size (TB)', 'disksize', 'TB', 'TB'],
    ['Memory (bytes)', 'memory', 'B', 'bytes'],
    ['Size MiB (total)', 'sizetotal', 'MB', 'MiB'],
  ])('reads the unit of %j', (header, key, unit, unitText) => {
    expect(readHeader(header)).toMatchObject({ key, unit, unitText });
  });

  it.each(['Disk Read (in MBPS)', 'Throughput (MB/s)', 'Umgebung', 'Job', 'Gbit'])(
    'sees no unit in %j',
    (header) => {
      expect(readHeader(header).unit).toBeNull();
    },
  );
});
