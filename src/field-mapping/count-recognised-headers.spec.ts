import { countRecognisedHeaders } from './count-recognised-headers';

describe('countRecognisedHeaders', () => {
  it.each([
    [['VM', 'Powerstate', 'CPUs', 'Memory', 'Host', 'Cluster', 'Datacenter', 'Provisioned MiB'], 5],
    [['Host', 'Datacenter', 'Cluster', '# Cores', 'Speed', '# Memory'], 3],
    [['VM', 'Snapshot', 'Size MiB (total)'], 1],
    [['Tenant ID', 'Subscription', 'Resource Group Name', 'Workflow', 'Currency'], 0],
    [[], 0],
  ])('counts the fields that %j name', (headers, count) => {
    expect(countRecognisedHeaders(headers)).toBe(count);
  });

  it('counts a field that is named twice once', () => {
    expect(countRecognisedHeaders(['VM', 'VM Name', 'Server'])).toBe(1);
  });
});
